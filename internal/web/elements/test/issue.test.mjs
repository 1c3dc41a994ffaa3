import assert from 'node:assert/strict'
import test from 'node:test'
import { withPage } from './page.mjs'

withPage({})
const { ProblemError } = await import('../.build/api.js')
const { Issue, settle } = await import('../.build/issue/flow.js')

const APP = 'A'.repeat(26)
const lost = (reason = 'down') => new ProblemError(reason, { title: 't', detail: 'd' })
const refused = (code, status = 409) => new ProblemError('refused', { title: `t${code}`, detail: 'd', code, status })
const walletError = (code, detail) => Object.assign(new Error(code), { name: 'WalletError', code, detail })

/**
 * A bank and a browser's wallet, as they behave: one certificate for an
 * application, given again for the same key. `trouble` is asked before each
 * answer and may throw in its place; `after` once the bank has acted.
 */
function stage({ pending, entries = [], renews, trouble = () => {}, after = () => {}, secure = true, storage = true } = {}) {
  const s = { key: pending, entries, issued: undefined, calls: [], went: [], states: [], persisted: 0, discarded: 0 }
  let serial = 0
  const issue = (key) => {
    if (s.issued && s.issued.key !== key) throw refused(4004)
    s.issued ??= { key, serial: String(++serial) }
    return { serial: s.issued.serial, certificate: btoa(`${s.issued.key}:${s.issued.serial}`), chain: [btoa('ca')] }
  }
  const bank = {
    'key-request': () => {
      if (s.issued) throw refused(2105)
      return { challenge: 'c', kmCertificate: btoa('km'), minBits: 2048, ca: 'ingam' }
    },
    certificate: (body) => {
      s.type = body.type
      return issue(atob(body.csr))
    },
  }
  const call = async (path, body) => {
    const last = path.split('/').at(-1)
    s.calls.push(last)
    trouble(last, s)
    const answer = body === undefined ? issue(s.issued.key) : bank[last](body)
    after(last, s)
    return answer
  }
  const keys = {
    async begin(o) {
      s.begun = o
      const old = o.replaces && s.entries.find((e) => e.id === o.replaces.id)
      if (o.replaces && !old) throw walletError('not-found', { entry: o.replaces.id })
      if (old && old.password !== o.replaces.password) throw walletError('wrong-password', { left: 4, entry: old.id })
      if (s.key && s.key.password !== o.password) throw walletError('wrong-password', { left: 4 })
      if (!s.key && o.password.length < 10) throw walletError('password', { problems: ['short'] })
      s.key ??= { id: `key${s.calls.length}`, password: o.password }
      for (const step of ['key', 'seal', 'request']) o.onProgress(step)
      return { request: new TextEncoder().encode(s.key.id) }
    },
    pending: async () => !!s.key,
    unfinished: async () => (s.key ? [{ application: APP, replaces: s.key.replaces }] : []),
    discard: async () => { s.discarded++; s.key = undefined },
    async finish(_, certificate) {
      const [key, serial] = new TextDecoder().decode(certificate).split(':')
      if (!s.key) throw walletError('not-found')
      if (s.key.id !== key) throw walletError('key-mismatch')
      s.entries.push({ id: key, certificate: { serial } })
      s.key = undefined
      return s.entries.at(-1)
    },
    list: async () => s.entries,
  }
  const world = {
    api: { get: (path) => call(path), post: call },
    secure,
    async wallet() {
      if (!storage) throw walletError('storage')
      return { keys, rules: () => [] }
    },
    alone: async (_, work) => work(),
    persist: async () => ++s.persisted > 0,
    go: (path) => void s.went.push(path),
  }
  const flow = new Issue(world, APP, 'ingam', () => s.states.push(flow.state.at), renews)
  return { s, world, keys, flow }
}

const done = `/apply/${APP}/done`

test('from a password to a certificate, without a detour', async () => {
  const { s, flow } = stage()
  await flow.open()
  assert.equal(flow.state.at, 'idle')
  await flow.submit('password-1', 'browser')
  assert.deepEqual(s.states, ['opening', 'idle', 'making', 'making', 'making', 'making', 'sending', 'storing', 'done'])
  assert.deepEqual(s.went, [done])
  assert.deepEqual(s.calls, ['key-request', 'certificate'])
  assert.equal(s.entries.length, 1)
  assert.equal(s.persisted, 1)
  assert.deepEqual([s.begun.temporary, s.begun.bits, s.begun.ca], [false, 2048, 'ingam'])
})

test('codes of a branch: the key remembers that they lead back to it', async () => {
  const { s, world } = stage()
  const flow = new Issue(world, APP, 'ingam', () => undefined, '', true)
  await flow.open()
  await flow.submit('password-1', 'browser')
  assert.equal(s.begun.note, 'codes')
  const usual = stage()
  await usual.flow.open()
  await usual.flow.submit('password-1', 'browser')
  assert.equal(usual.s.begun.note, undefined)
})

test('what is to be taken away is marked as temporary, and asks for no lasting storage', async () => {
  const { s, flow } = stage()
  await flow.open()
  await flow.submit('password-1', 'file')
  assert.equal(s.begun.temporary, true)
  assert.equal(s.persisted, 0)
})

test('the server is down: the same request goes again, no password is asked for', async () => {
  let down = 2
  const { s, flow } = stage({ trouble: (last) => { if (last === 'certificate' && down-- > 0) throw lost() } })
  await flow.open()
  await flow.submit('password-1', 'browser')
  assert.deepEqual([flow.state.at, flow.state.fresh], ['failed', false])
  await flow.again()
  assert.equal(flow.state.at, 'failed')
  await flow.again()
  assert.equal(flow.state.at, 'done')
  assert.equal(s.calls.filter((c) => c === 'key-request').length, 1)
  assert.equal(s.entries.length, 1)
})

test('the answer was lost and the page reloaded: the certificate is fetched, without a password', async () => {
  let cut = true
  const first = stage({ after: (last) => { if (last === 'certificate' && cut) { cut = false; throw lost('timeout') } } })
  await first.flow.open()
  await first.flow.submit('password-1', 'browser')
  assert.equal(first.flow.state.at, 'failed')
  const reloaded = new Issue(first.world, APP, 'ingam', () => {})
  await reloaded.open()
  assert.equal(reloaded.state.at, 'done')
  assert.equal(first.s.entries.length, 1)
})

test('a key waits: another password is refused, the right one goes on with the same key', async () => {
  const { s, flow } = stage({ pending: { id: 'before', password: 'password-1' } })
  await flow.open()
  assert.equal(flow.state.at, 'resume')
  await flow.submit('password-2', 'browser')
  assert.deepEqual([flow.state.at, flow.state.problem.title], ['resume', 'el.w.wrong'])
  await flow.submit('password-1', 'browser')
  assert.equal(flow.state.at, 'done')
  assert.equal(s.issued.key, 'before')
})

test('a forgotten password: the key goes, and a new one is made', async () => {
  const { s, flow } = stage({ pending: { id: 'before', password: 'password-1' } })
  await flow.open()
  await flow.fresh()
  assert.equal(flow.state.at, 'idle')
  assert.equal(s.discarded, 1)
  await flow.submit('password-9', 'browser')
  assert.equal(flow.state.at, 'done')
  assert.notEqual(s.issued.key, 'before')
})

test('a forgotten password, but the certificate is there: the key stays and gets it', async () => {
  const { s, flow } = stage({ pending: { id: 'before', password: 'password-1' } })
  await flow.open()
  s.issued = { key: 'before', serial: '7' } // meanwhile, in another tab whose answer was lost
  await flow.fresh()
  assert.equal(flow.state.at, 'done')
  assert.equal(s.entries[0].certificate.serial, '7')
})

test('issued elsewhere: nothing is pretended, and a key of no use goes', async () => {
  const nothing = stage()
  nothing.s.issued = { key: 'there', serial: '1' }
  await nothing.flow.open()
  assert.equal(nothing.flow.state.at, 'elsewhere')
  const key = stage({ pending: { id: 'here', password: 'password-1' } })
  key.s.issued = { key: 'there', serial: '1' }
  await key.flow.open()
  assert.equal(key.flow.state.at, 'elsewhere')
  assert.equal(key.s.discarded, 1)
})

test('another device is quicker between key and certificate', async () => {
  const { s, flow } = stage()
  await flow.open()
  s.issued = { key: 'there', serial: '1' }
  await flow.submit('password-1', 'browser')
  assert.equal(flow.state.at, 'elsewhere')
  assert.deepEqual(s.went, [])
})

test('taken by another key whose certificate does not come: the refusal is shown', async () => {
  const { flow } = stage({ trouble: (last, s) => {
    if (last === 'certificate') throw s.calls.filter((c) => c === 'certificate').length === 1 ? refused(4004) : refused(1021, 404)
  } })
  await flow.open()
  await flow.submit('password-1', 'browser')
  assert.deepEqual([flow.state.at, flow.state.problem.code], ['failed', 4004])
})

test('each refusal has its way on', async () => {
  const at = async (code, status) => {
    const { s, flow } = stage({ trouble: (last) => { if (last === 'certificate') throw refused(code, status) } })
    await flow.open()
    await flow.submit('password-1', 'browser')
    return [flow.state.at, flow.state.fresh, s.went[0], s.discarded]
  }
  assert.deepEqual(await at(4002), ['failed', true, undefined, 0])
  assert.deepEqual(await at(2143, 422), ['failed', true, undefined, 0])
  assert.deepEqual(await at(4001), ['failed', false, undefined, 0])
  assert.deepEqual(await at(4003, 400), ['resume', undefined, undefined, 0])
  assert.deepEqual(await at(2106), ['resume', undefined, undefined, 0])
  assert.deepEqual(await at(2146, 422), ['resume', undefined, undefined, 0])
  assert.deepEqual(await at(2102, 410), ['ended', undefined, undefined, 1])
  assert.equal((await at(2132))[2], `/apply/${APP}`)
})

test('a request for an older key of the authority is made anew', async () => {
  let old = true
  const { s, flow } = stage({ trouble: (last) => { if (last === 'certificate' && old) { old = false; throw refused(4003, 400) } } })
  await flow.open()
  await flow.submit('password-1', 'browser')
  assert.equal(flow.state.at, 'resume')
  await flow.submit('password-1', 'browser')
  assert.equal(flow.state.at, 'done')
  assert.deepEqual(s.calls, ['key-request', 'certificate', 'key-request', 'certificate'])
})

test('no secure address, no storage, no network at the beginning', async () => {
  const insecure = stage({ secure: false })
  await insecure.flow.open()
  assert.deepEqual(insecure.flow.state, { at: 'blocked', why: 'insecure' })
  const storage = stage({ storage: false })
  await storage.flow.open()
  assert.deepEqual(storage.flow.state, { at: 'blocked', why: 'storage' })
  let down = true
  const network = stage({ trouble: () => { if (down) throw lost('offline') } })
  await network.flow.open()
  assert.equal(network.flow.state.at, 'failed')
  down = false
  await network.flow.again()
  assert.equal(network.flow.state.at, 'idle')
})

test('a second tab waits, and then sees what came of it', async () => {
  const { s, world, flow } = stage()
  await flow.open()
  const other = new Issue(world, APP, 'ingam', () => {})
  await other.open()
  let free
  world.alone = async (_, work, waiting) => { waiting(); await new Promise((go) => { free = go }); return work() }
  const waits = other.submit('password-1', 'browser')
  assert.equal(other.state.at, 'waiting')
  world.alone = async (_, work) => work()
  await flow.submit('password-1', 'browser')
  free()
  await waits
  assert.equal(other.state.at, 'done')
  assert.equal(s.entries.length, 1)
  assert.equal(s.key, undefined, 'no second key is left')
})

test('a browser without locks: the second key of two tabs goes', async () => {
  const { s, world, flow } = stage()
  await flow.open()
  const other = new Issue(world, APP, 'ingam', () => {})
  await other.open()
  await flow.submit('password-1', 'browser')
  await other.submit('password-2', 'browser')
  assert.equal(other.state.at, 'done')
  assert.equal(s.entries.length, 1)
  assert.equal(s.key, undefined)
})

test('settle: here already, fetched, not here', async () => {
  const { s, world, keys } = stage({ pending: { id: 'k', password: 'p' } })
  s.issued = { key: 'k', serial: '5' }
  assert.equal((await settle(world, keys, APP, '5')).id, 'k')
  assert.deepEqual(s.calls, ['certificate'])
  assert.equal((await settle(world, keys, APP, '5')).id, 'k')
  assert.deepEqual(s.calls, ['certificate'], 'what is here is not asked for')
  s.entries.length = 0
  assert.equal(await settle(world, keys, APP, '5'), undefined)
})

test('settle leaves no key behind that no certificate will come for', async () => {
  const { s, world, keys } = stage({ pending: { id: 'second', password: 'p' } })
  s.issued = { key: 'k', serial: '5' }
  s.entries.push({ id: 'k', certificate: { serial: '5' } })
  assert.equal((await settle(world, keys, APP, '5')).id, 'k')
  assert.deepEqual([s.key, s.discarded], [undefined, 1])
})

const current = () => ({ id: 'old', password: 'old-password', certificate: { serial: '77' } })

test('a renewal is signed with the certificate of its serial, whose password is asked for', async () => {
  const { s, flow } = stage({ renews: '77', entries: [{ id: 'x', certificate: { serial: '76' } }, current()] })
  await flow.open()
  assert.equal(flow.state.at, 'idle')
  await flow.submit('password-1', 'browser', 'wrong')
  assert.deepEqual([flow.state.at, flow.state.old, flow.state.problem.title], ['idle', true, 'el.w.wrong'])
  await flow.submit('password-1', 'browser', 'old-password')
  assert.equal(flow.state.at, 'done')
  assert.deepEqual(s.begun.replaces, { id: 'old', password: 'old-password' })
  assert.equal(s.type, 'application/pkcs7-mime')
})

test('a certificate to be renewed that is not here can be brought in', async () => {
  const { s, flow } = stage({ renews: '77' })
  await flow.open()
  assert.deepEqual(flow.state, { at: 'missing' })
  s.entries.push({ id: 'x', certificate: { serial: '76' } })
  await flow.added()
  assert.deepEqual(flow.state, { at: 'missing', other: true })
  s.entries.push(current())
  await flow.added()
  assert.equal(flow.state.at, 'idle')
})

test('a key that waits knows what it renews; each password is asked for in its turn', async () => {
  const { s, flow } = stage({ renews: '78', pending: { id: 'k', password: 'password-1', replaces: 'old' }, entries: [current()] })
  await flow.open()
  assert.equal(flow.state.at, 'resume')
  await flow.submit('password-1', 'browser', 'wrong')
  assert.deepEqual([flow.state.at, flow.state.old], ['resume', true])
  await flow.submit('password-2', 'browser', 'old-password')
  assert.deepEqual([flow.state.at, flow.state.old], ['resume', undefined])
  await flow.submit('password-1', 'browser', 'old-password')
  assert.equal(flow.state.at, 'done')
  assert.equal(s.issued.key, 'k')
})

test('removed in another tab while its password was typed', async () => {
  const { s, flow } = stage({ renews: '77', entries: [current()] })
  await flow.open()
  s.entries.length = 0
  await flow.submit('password-1', 'browser', 'old-password')
  assert.equal(flow.state.at, 'missing')
})

test('an issue asks for no old password and renews nothing', async () => {
  const { s, flow } = stage({ entries: [current()] })
  await flow.open()
  await flow.submit('password-1', 'browser')
  assert.deepEqual([s.begun.replaces, s.type], [undefined, undefined])
})
