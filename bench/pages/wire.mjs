// A door before the demo bank that writes down every answer: whoever asks for
// it, the page, a worker or the service worker, has to come through here.
import { Agent, createServer, request } from 'node:http'
import { brotliCompressSync, constants, gunzipSync } from 'node:zlib'

/** What an answer weighs if a server in front compressed it by brotli; what is served so counts as it came. */
function brotli(body, coding, type) {
  if (coding === 'br' || !/text|javascript|json|svg|manifest/.test(type)) return body.length
  const plain = coding === 'gzip' ? gunzipSync(body) : body
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
  return Math.min(plain.length, brotliCompressSync(plain, { params }).length)
}

/** Opens the door to a server. `answers` grows with what went through. */
export async function wire(target) {
  const to = new URL(target)
  const agent = new Agent({ keepAlive: true })
  const answers = []
  const server = createServer((asked, answer) => {
    const { url, method, headers } = asked
    const up = request({ host: '127.0.0.1', port: to.port, path: url, method, headers, agent }, (came) => {
      const parts = []
      came.on('data', (part) => parts.push(part))
      came.on('end', () => {
        const body = Buffer.concat(parts)
        answer.writeHead(came.statusCode, came.rawHeaders.length ? pairs(came.rawHeaders) : undefined)
        answer.end(body)
        const { 'content-encoding': coding = '', 'content-type': type = '' } = came.headers
        answers.push({
          path: new URL(url, to).pathname, method, status: came.statusCode, type, coding,
          dest: headers['sec-fetch-dest'] ?? '',
          body: body.length, brotli: body.length && method !== 'HEAD' ? brotli(body, coding, type) : 0,
          header: came.rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, 17),
        })
      })
    })
    up.on('error', () => answer.destroy())
    asked.pipe(up)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => (agent.destroy(), server.closeAllConnections(), new Promise((resolve) => server.close(resolve)))
  return { url: `http://localhost:${server.address().port}`, answers, stop }
}

/** Raw headers as writeHead takes them: two of the same name stay two. */
const pairs = (raw) => raw.flatMap((name, i) => (i % 2 ? [] : [[name, raw[i + 1]]]))
