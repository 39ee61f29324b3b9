// A receiver for Tribe's webhooks, made of Express. It follows the steps that Tribe publishes for verifying a request
// (https://partners.tribe.so/docs/guide/webhooks/verifying-webhooks): join the timestamp header, a colon and the raw
// body; compute HMAC-SHA256 of that with the signing secret; compare with the signature header; drop what is older than
// 15 minutes.
//
//   SIGNING_SECRET=s3cret PORT=3000 node server.js
'use strict'
const crypto = require('node:crypto')
const express = require('express')

const secret = process.env.SIGNING_SECRET
const maxAge = 15 * 60 * 1000

const isSigned = (req) => {
  const timestamp = req.get('X-Tribe-Request-Timestamp') || ''
  const given = Buffer.from(req.get('X-Tribe-Signature') || '', 'hex')
  const wanted = crypto.createHmac('sha256', secret).update(`${timestamp}:`).update(req.rawBody).digest()
  return given.length === wanted.length && crypto.timingSafeEqual(given, wanted) && Date.now() - Number(timestamp) <= maxAge
}

const app = express()
app.use(express.raw({ type: () => true, limit: '1mb' }))
app.post('/hooks', (req, res) => {
  req.rawBody = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
  if (!isSigned(req)) return res.status(403).json({ error: 'the signature is not valid' })
  let message
  try {
    message = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(req.rawBody))
  } catch {
    return res.status(400).json({ error: 'the body is not JSON' })
  }
  if (message === null || typeof message !== 'object' || Array.isArray(message)) {
    return res.status(400).json({ error: 'the body is not an object' })
  }
  if (message.type === 'TEST') {
    return res.json({ type: 'TEST', status: 'SUCCEEDED', data: { challenge: message.data?.challenge } })
  }
  res.json({ type: message.type, status: 'SUCCEEDED' })
})
app.listen(Number(process.env.PORT || 3000), '127.0.0.1')
