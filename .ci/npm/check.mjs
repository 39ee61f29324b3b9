// Reads the contract documents with tools that nobody here wrote: Ajv agrees with our validator on fixtures, on
// generated payloads and on broken ones; qs reads our forms back. Usage: node check.mjs path/to/quintain
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import qs from 'qs'
import YAML from 'yaml'

const quintain = process.argv[2]
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const perEvent = 100
let checked = 0

const run = (...args) => execFileSync(quintain, args, { encoding: 'utf8', maxBuffer: 1 << 30 })

const scratch = mkdtempSync(join(tmpdir(), 'quintain-'))

for (const file of readdirSync(join(root, 'contract/platforms'))) {
  const platform = file.replace('.yaml', '')
  const { revisions } = YAML.parse(readFileSync(join(root, 'contract/platforms', file), 'utf8'))['x-platform']
  for (const revision of revisions) check(platform, revision)
}
rmSync(scratch, { recursive: true })
assert.ok(checked > 10_000)
console.log(`${checked} bodies: Ajv, qs and quintain agree`)

// check reads a platform at a revision: the document as it is exported there.
function check (platform, revision) {
  const reference = `${platform}@${revision}`
  const doc = JSON.parse(run('contract', 'export', reference))
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats(ajv)
  ajv.addSchema(doc, 'doc')

  const fixtures = readdirSync(join(root, 'fixtures', platform), { recursive: true }).filter((n) => n.endsWith('.json'))
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(root, 'fixtures', platform, name), 'utf8')) }))
    .filter((fixture) => fixture.revision === revision)

  for (const [event, { post }] of Object.entries(doc.webhooks)) {
    if (post['x-name-only']) continue
    const valid = ajv.compile({ $ref: `doc#/webhooks/${encodeURIComponent(event)}/post/requestBody/content/application~1json/schema` })
    for (const fixture of fixtures.filter((f) => f.event === event)) {
      assert.equal(valid(fixture.body), fixture.expect.valid, `Ajv on ${fixture.name}: ${ajv.errorsText(valid.errors)}`)
      checked++
    }
    if (post['x-handshake']) continue

    const lines = run('fake', reference, event, '--count', String(perEvent), '--seed', '11').trimEnd().split('\n')
    assert.equal(lines.length, perEvent)
    for (const line of lines) {
      assert.ok(valid(JSON.parse(line)), `Ajv on ${event}: ${ajv.errorsText(valid.errors)}\n${line}`)
      checked++
    }

    // Broken in one place each: ours and Ajv have to give the same verdict.
    const broken = mutations(JSON.parse(lines[0]))
    const files = broken.map((body, i) => {
      const name = join(scratch, `${i}.json`)
      writeFileSync(name, JSON.stringify(body))
      return name
    })
    const verdicts = JSON.parse(spawnSync(quintain, ['validate', reference, '--event', event, '--json', ...files], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout)
    assert.equal(verdicts.length, broken.length)
    for (const [i, body] of broken.entries()) {
      assert.equal(verdicts[i].valid, valid(body), `${event}: we say ${JSON.stringify(verdicts[i])} Ajv says ${ajv.errorsText(valid.errors)}\n${JSON.stringify(body)}`)
      checked++
    }

    if (platform === 'ambassify') {
      const forms = run('fake', reference, event, '--count', '50', '--seed', '11', '--encoding', 'form').trimEnd().split('\n')
      const dots = run('fake', reference, event, '--count', '50', '--seed', '11', '--encoding', 'form', '--form-style', 'dots').trimEnd().split('\n')
      forms.forEach((form, i) => {
        const want = asText(JSON.parse(lines[i]))
        assert.deepEqual(qs.parse(form, { depth: 20, arrayLimit: 100, parameterLimit: 10000 }), want)
        assert.deepEqual(qs.parse(dots[i], { depth: 20, arrayLimit: 100, parameterLimit: 10000, allowDots: true }), want)
        checked += 2
      })
    }
  }
}

// mutations removes, retypes and empties some members, one in each copy.
function mutations (body) {
  const places = []
  const walk = (value, path) => {
    if (value === null || typeof value !== 'object') return
    for (const key of Object.keys(value)) {
      places.push([...path, key])
      walk(value[key], [...path, key])
    }
  }
  walk(body, [])
  const out = []
  for (const [i, path] of places.entries()) {
    const copy = structuredClone(body)
    const parent = path.slice(0, -1).reduce((at, key) => at[key], copy)
    const key = path.at(-1)
    switch (i % 4) {
      case 0: if (Array.isArray(parent)) parent.splice(Number(key), 1); else delete parent[key]; break
      case 1: parent[key] = { unexpected: true }; break
      case 2: parent[key] = null; break
      default: parent[key] = 'another text'
    }
    out.push(copy)
  }
  return out.slice(0, 40)
}

// asText is what of a body comes through a form: text, and nothing where there was nothing.
function asText (value) {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  const entries = Object.entries(value).map(([k, v]) => [k, asText(v)])
    .filter(([, v]) => typeof v !== 'object' || Object.keys(v).length > 0)
  return Array.isArray(value) ? entries.map(([, v]) => v) : Object.fromEntries(entries)
}
