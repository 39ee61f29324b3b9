// Reads exported contracts with tools that nobody here wrote: Redocly the OpenAPI, Ajv (with AsyncAPI's own JSON Schema)
// and AsyncAPI's parser the AsyncAPI, Ajv in its strict mode the JSON Schemas, and the TypeScript compiler the types. Payloads
// have to fit what was exported. Usage: node exports.mjs DIR, with DIR/<platform>/<format>/… as exported and
// DIR/<platform>/payloads.json, which is {event: [body, …]}.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import Ajv from 'ajv'
import Ajv2020 from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { Parser } from '@asyncapi/parser'

const require = createRequire(import.meta.url)
const here = dirname(fileURLToPath(import.meta.url))
const dir = process.argv[2]
const bin = (name) => join(here, 'node_modules', '.bin', name)
const read = (...path) => readFileSync(join(...path), 'utf8')
const only = (folder) => { const files = readdirSync(folder); assert.equal(files.length, 1); return join(folder, files[0]) }
const platforms = readdirSync(dir, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name)
const token = (name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
let checked = 0

// fit has Ajv check the payloads of every event, and the examples, against the schema that find leads to.
function fit (platform, ajv, find) {
  for (const [event, bodies] of Object.entries(JSON.parse(read(dir, platform, 'payloads.json')))) {
    const found = find(event)
    if (!found) continue // behind a reference
    const valid = ajv.compile({ $ref: found.at })
    for (const body of [...bodies, ...found.examples]) {
      assert.ok(valid(body), `${platform} ${event}: ${ajv.errorsText(valid.errors)}\n${JSON.stringify(body)}`)
      checked++
    }
  }
}

// OpenAPI. Redocly takes boolean schemas, which the odd one has, for faults.
execFileSync(bin('redocly'), ['lint', '--config', join(here, 'redocly.yaml'), ...platforms.filter((p) => p !== 'odd').map((p) => only(join(dir, p, 'openapi')))],
  { stdio: ['ignore', 'inherit', 'inherit'] })

for (const platform of platforms) {
  const doc = JSON.parse(read(only(join(dir, platform, 'openapi'))))
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats(ajv)
  ajv.addSchema(doc, 'doc')
  fit(platform, ajv, (event) => {
    const media = doc.webhooks[event].post?.requestBody.content?.['application/json']
    return media && {
      at: `doc#/webhooks/${token(event)}/post/requestBody/content/application~1json/schema`,
      examples: media.example === undefined ? [] : [media.example]
    }
  })
}

// AsyncAPI. Its schema brings draft 7 along, so Ajv's own copy stays out.
const official = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false })
formats(official)
const isAsyncAPI = official.compile(require('@asyncapi/specs/schemas/3.0.0.json'))
const parser = new Parser()
for (const platform of platforms) {
  const src = read(only(join(dir, platform, 'asyncapi')))
  const doc = JSON.parse(src)
  assert.ok(isAsyncAPI(doc), `${platform} is not AsyncAPI: ${official.errorsText(isAsyncAPI.errors)}`)
  const { document, diagnostics } = await parser.parse(src)
  const errors = diagnostics.filter((d) => d.severity === 0).map((d) => `${d.path.join('/')}: ${d.message}`)
  assert.ok(document && errors.length === 0, `${platform}: AsyncAPI's parser says\n${errors.join('\n')}`)
  assert.equal(document.operations().all().length, Object.keys(doc.operations).length)
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats(ajv)
  ajv.addSchema(doc, 'doc')
  fit(platform, ajv, (event) => {
    const [id, message] = Object.entries(doc.components.messages).find(([, m]) => m.name === event)
    return { at: `doc#/components/messages/${token(id)}/payload`, examples: (message.examples ?? []).map((e) => e.payload) }
  })
}

// JSON Schema.
for (const platform of platforms) {
  const payloads = JSON.parse(read(dir, platform, 'payloads.json'))
  const schemas = new Map(readdirSync(join(dir, platform, 'jsonschema/events'))
    .map((file) => JSON.parse(read(dir, platform, 'jsonschema/events', file))).map((schema) => [schema.title, schema]))
  assert.deepEqual([...schemas.keys()].sort(), Object.keys(payloads).sort(), `${platform}: the events`)
  for (const [event, schema] of schemas) {
    // What is strict beyond the keywords is a matter of style, and the odd one has none. A union of types is a fact: Tribe
    // sends sessionInfo as an object and as an array.
    const style = platform !== 'odd'
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: style, strictTuples: style, strictRequired: style, allErrors: true })
    formats(ajv)
    const valid = ajv.compile(schema)
    for (const body of [...payloads[event], ...(schema.examples ?? [])]) {
      assert.ok(valid(body), `${platform} ${event}: ${ajv.errorsText(valid.errors)}\n${JSON.stringify(body)}`)
      checked++
    }
  }
}

// TypeScript. Payloads are written as literals, so that a member that a type does not name is an error.
const typescript = join(dir, 'typescript')
mkdirSync(typescript)
for (const [i, platform] of platforms.entries()) {
  const payloads = JSON.parse(read(dir, platform, 'payloads.json'))
  const lines = [`import type { AnyEvent, EventName, Events } from '${only(join(dir, platform, 'typescript'))}'`]
  for (const [event, bodies] of Object.entries(payloads)) {
    const name = JSON.stringify(event)
    lines.push(`void (${name} satisfies EventName)`)
    for (const body of bodies) {
      lines.push(`void (${JSON.stringify(body)} satisfies Events[${name}])`)
    }
    lines.push(`void ((body: Events[${name}]): AnyEvent => body)`)
    if (platform !== 'odd') { // which has types of anything
      lines.push('// @ts-expect-error', `void (${JSON.stringify({ ...bodies[0], unexpected: true })} satisfies Events[${name}])`)
    }
  }
  writeFileSync(join(typescript, `check${i}.ts`), lines.join('\n') + '\nexport {}\n')
}
writeFileSync(join(typescript, 'tsconfig.json'), JSON.stringify({
  compilerOptions: { strict: true, noEmit: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', types: [], exactOptionalPropertyTypes: true, allowImportingTsExtensions: true },
  include: ['*.ts']
}))
execFileSync(bin('tsc'), ['--project', typescript], { stdio: ['ignore', 'inherit', 'inherit'] })

console.log(`${platforms.length} exports: Redocly, Ajv, AsyncAPI's parser and the TypeScript compiler read them; ${checked} payloads fit`)
