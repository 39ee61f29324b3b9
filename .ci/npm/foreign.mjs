// Reads OpenAPI documents that others wrote, and that know nothing of ours: OpenAPI's own webhook example, GitHub's
// webhooks, and two demonstration APIs. Payloads that quintain makes for them have to fit them, by Ajv's verdict; so do the
// exported JSON Schemas. Usage: node foreign.mjs path/to/quintain
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

const quintain = process.argv[2]
const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules')
const documents = {
  '@readme/oas-examples/3.1/json/webhooks.json': 1, // OpenAPI's own
  '@readme/oas-examples/3.1/json/train-travel.json': 1,
  '@scalar/galaxy/dist/3.1.json': 1,
  '@octokit/openapi-webhooks/generated/api.github.com.json': 12 // of every twelfth of 261 events
}
const perEvent = 20
// The author of an advisory is null and an object at once there, which nothing is.
const contradictory = ['repository-advisory-published', 'repository-advisory-reported']

const run = (...args) => execFileSync(quintain, args, { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] })
let events = 0
let checked = 0
for (const [file, step] of Object.entries(documents)) {
  const path = join(modules, file)
  const doc = JSON.parse(readFileSync(path, 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats(ajv)
  ajv.addSchema(doc, 'doc')
  const names = JSON.parse(run('events', '--contract', path, '--json')).map((e) => e.event)
  assert.ok(names.length > 0, file)
  for (const event of names.filter((_, i) => i % step === 0)) {
    if (contradictory.includes(event)) continue
    const valid = ajv.compile({ $ref: `doc#/webhooks/${encodeURIComponent(event)}/post/requestBody/content/application~1json/schema` })
    for (const line of run('fake', '--contract', path, event, '--count', String(perEvent)).trimEnd().split('\n')) {
      assert.ok(valid(JSON.parse(line)), `${file}: ${event}: ${ajv.errorsText(valid.errors)}\n${line}`)
      checked++
    }
    events++
  }
}
console.log(`${checked} payloads of ${events} events in ${Object.keys(documents).length} documents of others: Ajv finds them right`)
