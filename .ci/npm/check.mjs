// Reads the contract documents with tools that nobody here wrote: Ajv agrees with our validator on fixtures, on
// generated payloads and on broken ones; qs reads our forms back. Usage: node check.mjs path/to/quintain
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import qs from 'qs'
import YAML from 'yaml'

const quintain = process.argv[2]
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const perEvent = 300
let checked = 0

const run = (...args) => execFileSync(quintain, args, { encoding: 'utf8', maxBuffer: 1 << 30 })

for (const file of readdirSync(join(root, 'contract/platforms'))) {
  const platform = file.replace('.yaml', '')
  const doc = YAML.parse(readFileSync(join(root, 'contract/platforms', file), 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats(ajv)
  ajv.addSchema(doc, 'doc')
  const validator = (event) =>
    ajv.compile({ $ref: `doc#/webhooks/${encodeURIComponent(event)}/post/requestBody/content/application~1json/schema` })

  for (const event of Object.keys(doc.webhooks)) {
    const valid = validator(event)

    for (const folder of ['', 'invalid']) {
      const dir = join(root, 'fixtures', platform, folder)
      if (!existsSync(dir)) continue
      for (const name of readdirSync(dir).filter((n) => n.endsWith('.json'))) {
        const fixture = JSON.parse(readFileSync(join(dir, name), 'utf8'))
        if (fixture.event !== event) continue
        assert.equal(valid(fixture.body), fixture.expect.valid, `Ajv on ${dir}/${name}: ${ajv.errorsText(valid.errors)}`)
        checked++
      }
    }
    if (doc.webhooks[event].post['x-handshake']) continue

    const lines = run('fake', platform, event, '--count', String(perEvent), '--seed', '11').trimEnd().split('\n')
    assert.equal(lines.length, perEvent)
    for (const line of lines) {
      assert.ok(valid(JSON.parse(line)), `Ajv on ${event}: ${ajv.errorsText(valid.errors)}\n${line}`)
      checked++
    }

    // Broken in one place each: ours and Ajv have to give the same verdict.
    const broken = mutations(JSON.parse(lines[0]))
    for (const body of broken) {
      const ours = spawnSync(quintain, ['validate', platform, '--event', event, '-'], { input: JSON.stringify(body), encoding: 'utf8' })
      assert.equal(ours.status === 0, valid(body), `${event}: we say ${ours.stdout} Ajv says ${ajv.errorsText(valid.errors)}\n${JSON.stringify(body)}`)
      checked++
    }

    if (platform === 'ambassify') {
      const forms = run('fake', platform, event, '--count', '50', '--seed', '11', '--encoding', 'form').trimEnd().split('\n')
      const dots = run('fake', platform, event, '--count', '50', '--seed', '11', '--encoding', 'form', '--form-style', 'dots').trimEnd().split('\n')
      forms.forEach((form, i) => {
        const want = asText(JSON.parse(lines[i]))
        assert.deepEqual(qs.parse(form, { depth: 20, arrayLimit: 100, parameterLimit: 10000 }), want)
        assert.deepEqual(qs.parse(dots[i], { depth: 20, arrayLimit: 100, parameterLimit: 10000, allowDots: true }), want)
        checked += 2
      })
    }
  }
}
console.log(`${checked} bodies: Ajv, qs and quintain agree`)

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
  return out.slice(0, 12)
}

// asText is what of a body comes through a form: text, and nothing where there was nothing.
function asText (value) {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  const entries = Object.entries(value).map(([k, v]) => [k, asText(v)])
    .filter(([, v]) => typeof v !== 'object' || Object.keys(v).length > 0)
  return Array.isArray(value) ? entries.map(([, v]) => v) : Object.fromEntries(entries)
}
