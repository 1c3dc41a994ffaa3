// Runs in the page: what crypto.mjs measures there. Own code and WebCrypto take
// turns within each round, so that a busy moment strikes both.
import { pbkdf1, pbkdf2 } from '/modules/crypto/pbkdf.js'
import { seedCbcDecrypt, seedCbcEncrypt } from '/modules/crypto/seed.js'
import { readPrivateKey, sealKey, signer } from '/modules/npki/key.js'
import { COMPATIBLE, MODERN } from '/modules/crypto/pbes.js'
import { connect } from '/modules/worker/client.js'

const WORKER = '/dist/ingam-wallet.js'
const PASSWORD = 'Bench-press-1!'

const unhex = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16))
const vectors = async (name) => (await fetch(`/vectors/${name}.json`)).json()

async function time(work) {
  const before = performance.now()
  await work()
  return performance.now() - before
}

/** Times all works of a record in turn, so often after two rounds that don't count. */
async function turns(works, rounds) {
  const times = Object.fromEntries(Object.keys(works).map((name) => [name, []]))
  for (let i = -2; i < rounds; i++) {
    for (const [name, work] of Object.entries(works)) {
      const t = await time(work)
      if (i >= 0) times[name].push(t)
    }
  }
  return times
}

/** Milliseconds for so many bytes by each cipher. */
export async function ciphers(size, rounds) {
  const key = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(16))
  const data = new Uint8Array(size)
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(data.subarray(at, at + 65536))
  const aes = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt', 'decrypt'])
  const seedText = seedCbcEncrypt(key, iv, data)
  const aesText = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, aes, data)
  return turns({
    seedEncrypt: () => seedCbcEncrypt(key, iv, data),
    aesEncrypt: () => crypto.subtle.encrypt({ name: 'AES-CBC', iv }, aes, data),
    seedDecrypt: () => seedCbcDecrypt(key, iv, seedText),
    aesDecrypt: () => crypto.subtle.decrypt({ name: 'AES-CBC', iv }, aes, aesText),
  }, rounds)
}

/** Milliseconds for so many iterations by each derivation, one block of output. */
export async function derivations(iterations, rounds) {
  const password = new TextEncoder().encode(PASSWORD)
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const base = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
  const web = (hash, size) => crypto.subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations }, base, size * 8)
  return turns({
    pbkdf1: () => pbkdf1(password, salt, iterations),
    pbkdf2sha1: () => pbkdf2(password, salt, iterations, 'SHA-1', 16),
    webSha1: () => web('SHA-1', 16),
    pbkdf2sha256: () => pbkdf2(password, salt, iterations, 'SHA-256', 32),
    webSha256: () => web('SHA-256', 32),
  }, rounds)
}

/** Watches the page's thread: the longest silence between two frames and between two timers. */
function watch() {
  const worst = { frame: 0, timer: 0 }
  let on = true
  const tick = (kind, again) => {
    let last = performance.now()
    const step = () => {
      const now = performance.now()
      worst[kind] = Math.max(worst[kind], now - last)
      last = now
      if (on) again(step)
    }
    again(step)
  }
  tick('frame', requestAnimationFrame)
  tick('timer', (step) => setTimeout(step, 4))
  return () => ((on = false), worst)
}

/** The longest silences while nothing is asked of the page. */
export async function quiet(milliseconds) {
  const stop = watch()
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  return stop()
}

/** Makes keys in the Worker; each round's steps in milliseconds and the page's longest silences. */
export async function keys(bits, rounds) {
  const km = (await vectors('certificates')).certificates.find((c) => c.name === 'km')
  const argument = { bits, password: PASSWORD, challenge: 'BENCH', kmCertificate: unhex(km.der) }
  const worker = connect(WORKER)
  const out = []
  for (let i = -1; i < rounds; i++) {
    const marks = {}
    const stop = watch()
    const asked = performance.now()
    await worker.call('make', argument, (step) => (marks[step] = performance.now()))
    const end = performance.now()
    const round = { key: marks.seal - marks.key, seal: marks.request - marks.seal, request: end - marks.request, all: end - asked, ...stop() }
    if (i >= 0) out.push(round)
  }
  worker.close()
  return out
}

/** Opens key files and signs with them, in the Worker; beside it what WebCrypto alone needs to sign. */
export async function files(rounds) {
  const made = (await vectors('keys')).keys.customer
  const certificate = unhex((await vectors('certificates')).certificates.find((c) => c.name === 'customer').der)
  const k = readPrivateKey(unhex(made.pkcs8))
  const seed = await sealKey(k, PASSWORD, COMPATIBLE)
  const aes = await sealKey(k, PASSWORD, MODERN)
  const key = await signer(k)
  const content = crypto.getRandomValues(new Uint8Array(1000))
  const worker = connect(WORKER)
  const sign = (key) => worker.call('sign', { key, password: PASSWORD, certificate, content, attributes: true })
  const stop = watch()
  const times = await turns({
    openSeed: () => worker.call('check', { key: seed, password: PASSWORD }),
    openAes: () => worker.call('check', { key: aes, password: PASSWORD }),
    signSeed: () => sign(seed),
    signAes: () => sign(aes),
    rsa: () => crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, content),
  }, rounds)
  worker.close()
  return { times, gaps: stop() }
}
