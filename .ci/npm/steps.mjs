// Has the official Cucumber language service, which editors run, read the Go file of "quintain steps --format go": it has to
// find every step that the JSON lists, and every step of our features has to be exactly one of them. Usage: node steps.mjs
// QUINTAIN.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { ExpressionBuilder } from '@cucumber/language-service'
import { WasmParserAdapter } from '@cucumber/language-service/wasm'
import { AstBuilder, GherkinClassicTokenMatcher, Parser, compile } from '@cucumber/gherkin'
import { IdGenerator } from '@cucumber/messages'

const here = dirname(fileURLToPath(import.meta.url))
const features = join(here, '..', '..', 'features')
const quintain = (format) => execFileSync(process.argv[2], ['steps', '--format', format], { encoding: 'utf8' })

const adapter = new WasmParserAdapter(join(here, 'node_modules', '@cucumber', 'language-service', 'dist'))
await adapter.init()
const { expressionLinks, errors } = new ExpressionBuilder(adapter).build([{ languageName: 'go', uri: 'file:///steps.go', content: quintain('go') }], [])
assert.deepEqual(errors, [])
const listed = JSON.parse(quintain('json'))
const found = expressionLinks.map((link) => link.expression)
assert.deepEqual(found.map((e) => e.regexp.source).sort(), listed.map((s) => new RegExp(s.expression).source).sort())

let checked = 0
for (const folder of ['receiver', 'sender', 'mocksteps/testdata']) {
  for (const file of readdirSync(join(features, folder)).filter((f) => f.endsWith('.feature'))) {
    const newId = IdGenerator.incrementing()
    const document = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(readFileSync(join(features, folder, file), 'utf8'))
    for (const { steps } of compile(document, file, newId)) {
      for (const { text } of steps) {
        const matching = found.filter((e) => e.match(text))
        assert.equal(matching.length, 1, `${folder}/${file}: ${matching.length} steps match ${JSON.stringify(text)}: ${matching.map((e) => e.regexp.source).join(' ')}`)
        checked++
      }
    }
  }
}
assert.ok(checked > 0)
console.log(`${found.length} steps: the Cucumber language service finds them, and each of ${checked} steps of the features is one of them`)
