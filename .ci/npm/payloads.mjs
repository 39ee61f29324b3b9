// Exports every platform at its default and at its latest revision in every format, with payloads beside them, for
// exports.mjs. Usage: node payloads.mjs path/to/quintain DIR
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import YAML from 'yaml'

const [quintain, dir] = process.argv.slice(2)
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const perEvent = 20
const run = (...args) => execFileSync(quintain, args, { encoding: 'utf8', maxBuffer: 1 << 30 })

for (const file of readdirSync(join(root, 'contract/platforms'))) {
  const platform = file.replace('.yaml', '')
  const revisions = YAML.parse(readFileSync(join(root, 'contract/platforms', file), 'utf8'))['x-platform'].revisions
  const latest = [...revisions].sort().at(-1)
  for (const revision of new Set([revisions[0], latest])) {
    const reference = `${platform}@${revision}`
    for (const format of ['openapi', 'asyncapi', 'jsonschema', 'go', 'typescript']) {
      run('contract', 'export', reference, '--format', format, '--out', join(dir, reference, format))
    }
    const payloads = {}
    const openapi = readdirSync(join(dir, reference, 'openapi'))[0]
    for (const [event, { post }] of Object.entries(JSON.parse(readFileSync(join(dir, reference, 'openapi', openapi), 'utf8')).webhooks)) {
      if (post['x-handshake'] || post['x-name-only']) continue
      payloads[event] = run('fake', reference, event, '--count', String(perEvent), '--seed', '11').trimEnd().split('\n').map((line) => JSON.parse(line))
    }
    writeFileSync(join(dir, reference, 'payloads.json'), JSON.stringify(payloads))
  }
}
