// Has a running mock server looked at by tools of others: har-validator reads its HAR export, and graphql-js its GraphQL
// schema, by the file and by introspection. Usage: node sender.mjs <quintain> <schema.graphql>
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createServer } from 'node:http'
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, parse, printSchema, validate, validateSchema } from 'graphql'
import validator from 'har-validator'

const [quintain, schemaFile] = process.argv.slice(2)
const fail = why => { console.error(why); process.exitCode = 1 }

const server = spawn(quintain, ['serve', '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] })
const base = await new Promise((resolve, reject) => {
  createInterface(server.stdout).on('line', line => {
    const found = line.match(/up at (http:\S+)/)
    if (found) resolve(found[1])
  })
  server.on('exit', code => reject(new Error(`serve ended with ${code}`)))
})
server.removeAllListeners('exit')
const call = async (method, path, body, headers = {}) => {
  const response = await fetch(base + path, { method, body: body && JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })
  return response.json()
}

// A receiver that fails by turns, so that the archive has failures, retries, a lost answer and a body that is not UTF-8.
let requests = 0
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(requests++ % 3 ? 503 : 200, { 'set-cookie': 'a=b' }).end('noted'))
}).listen(0, '127.0.0.1')
await new Promise(resolve => receiver.on('listening', resolve))

const community = await call('POST', '/__mock/communities', { platform: 'tribe', clock: { mode: 'virtual' }, rate_limit: 0 })
const one = `/__mock/communities/${community.id}`
await call('POST', one + '/webhooks', { url: `http://127.0.0.1:${receiver.address().port}/hooks?a=1&b=%20`, events: ['*'] })
for (const faults of ['', 'lost', 'drop', 'gzip', 'invalid-utf8', 'truncate', 'duplicate x2']) {
  await call('POST', one + '/events', { type: 'member.created', count: 2, faults })
}
await call('POST', one + '/clock/settle', {})
const archive = await call('GET', one + '/export?format=har')
await validator.har(archive).catch(e => fail(JSON.stringify(e.errors ?? String(e), null, 1)))
for (const entry of archive.log.entries) {
  const { blocked, dns, connect, send, wait, receive } = entry.timings
  const sum = [blocked, dns, connect, send, wait, receive].filter(part => part >= 0).reduce((a, b) => a + b, 0)
  if (Math.abs(sum - entry.time) > 1e-6) fail(`the timings of ${entry._id} do not add up to its time`)
}
if (archive.log.entries.length < 20) fail(`the archive has ${archive.log.entries.length} entries`)
console.log(`har-validator: ${archive.log.entries.length} entries of HAR ${archive.log.version}`)

const schema = buildSchema(readFileSync(schemaFile, 'utf8'))
for (const error of validateSchema(schema)) fail(error.message)
const ask = body => call('POST', '/graphql', body, { authorization: `Bearer ${community.token}` })
const introspection = await ask({ query: getIntrospectionQuery() })
const print = s => printSchema(lexicographicSortSchema(s))
if (introspection.errors || print(buildClientSchema(introspection.data)) !== print(schema)) fail('the schema that is served is not the file')
const questions = {
  'query($id: ID!) { app(id: $id) { id name webhookUrl webhookSubscriptions webhookSignSecret } }': true,
  '{ globalEventTypes { name noun verb description shortDescription requiredScope } }': true,
  'mutation($id: ID!, $input: UpdateAppInput!) { updateApp(id: $id, input: $input) { webhookUrl } }': true,
  'mutation($id: ID!) { globalTestAppWebhook(appId: $id, input: {webhookUrl: "http://localhost:1"}) { status } }': true,
  '{ app { id } }': false,
  '{ app(id: "x") }': false,
  'mutation { updateApp(id: "x", input: {webhookUrl: 7}) { id } }': false,
  'mutation { testAppWebhook(appId: "x", input: {}) { status } }': false,
}
for (const [query, good] of Object.entries(questions)) {
  const theirs = validate(schema, parse(query)).length === 0
  const answer = await ask({ query, variables: { id: community.id, input: { webhookUrl: 'http://localhost:1' } } })
  const ours = answer.data !== undefined && answer.data !== null
  if (theirs !== good || good !== ours) fail(`${query}: graphql-js takes it: ${theirs}, the server: ${ours}, want ${good}: ${JSON.stringify(answer.errors)}`)
}
console.log(`graphql-js: the schema that is served is the file, and ${Object.keys(questions).length} questions are taken and refused alike`)
receiver.close()
receiver.closeAllConnections()
server.kill()
