import type { Entry, Found } from '@ingam/wallet'
import { fill, found, until, type Set } from './help'
import { findings, lend, lendNone, WRONG, type Holding } from './kept'

const GOOD = 'Gallery-2027!'

type Drawn = HTMLElement & { updateComplete: Promise<boolean> }

/** The wallet's page at a view of one of its certificates. */
function at(holding: Holding, view: (entries: Entry[]) => string, act?: (wallet: Drawn) => unknown, waiting = false): Set {
  return async (root) => {
    const entries = lend(holding, waiting) // at once: the page's own script comes next
    history.replaceState(null, '', view(entries))
    const e = await found<Drawn>(root, 'ingam-wallet')
    await until(() => e.dataset['state'] === 'ready' && e.childElementCount > 0)
    await act?.(e)
  }
}

const list = (holding: Holding): Set => at(holding, () => '#/')
const of = (n: number, view = '', act?: (wallet: Drawn) => unknown): Set => at('sorts', (all) => `#/c/${all[n]?.id}${view}`, act)

const VALID = 0, EXPIRING = 1, EXPIRED = 2, LOCKED = 3, TEMPORARY = 4, LONG = 5, IMPORTED = 6, FUTURE = 7, REPLACED = 8

/** Chooses one of a group, as a click does. */
async function choose(root: ParentNode, selector: string): Promise<void> {
  await until(() => !!root.querySelector(selector))
  root.querySelector<HTMLInputElement>(selector)?.click()
}

/** Sends the form that stands there with a password. */
async function send(root: ParentNode, password: string): Promise<void> {
  await until(() => !!root.querySelector('input[name="password"]'))
  fill(root.querySelector<HTMLInputElement>('input[name="password"]') ?? undefined, password)
  root.querySelector<HTMLInputElement>('input[name="password"]')?.form?.requestSubmit()
}

const refused = (root: ParentNode): Promise<void> => until(() => !!root.querySelector('.notice-danger'))

/** What a search found; a real one needs a person who picks files. */
function search(list: Found[], chosen = 0, password?: string): Set {
  return at('one', () => '#/add', async (wallet) => {
    const e = wallet.querySelector<Drawn>('ingam-wallet-add')
    if (!e) throw new Error('not the view')
    Object.assign(e, { found: list, chosen })
    await e.updateComplete
    if (!password) return
    await send(e, password)
    await refused(e)
  })
}

/** The page /sign. */
function signing(holding: Holding, act?: (e: Drawn) => unknown): Set {
  return async (root) => {
    lend(holding)
    const e = await found<Drawn>(root, 'ingam-sign')
    await until(() => !!e.querySelector('form'))
    await act?.(e)
  }
}

async function written(e: Drawn, password: string): Promise<void> {
  const text = e.querySelector('textarea')
  if (text) text.value = '인감은행 귀중\n\n2027년 3월 14일에 100,000원을 이체하는 데 동의합니다.'
  await send(e, password)
}

/** The part of /login that logs in with a certificate. */
function login(holding: Holding, act?: (e: Drawn) => unknown): Set {
  return async (root) => {
    lend(holding)
    const e = await found<Drawn>(root, 'ingam-certificate-login')
    await until(() => !!e.querySelector('form'))
    await act?.(e)
  }
}

/** States of everything that shows what a browser's wallet holds. */
export const walletStates: Record<string, Set> = {
  'wallet-one': list('one'),
  'wallet-three': list('three'),
  'wallet-thirty': list('thirty'),
  'wallet-sorts': list('sorts'),
  'wallet-unfinished': at('none', () => '#/', undefined, true),
  'wallet-unfinished-one': at('one', () => '#/', undefined, true),
  'wallet-discard': at('none', () => '#/u/00', undefined, true),
  'wallet-storage': () => lendNone(),
  'wallet-show': of(VALID, '', (e) => e.querySelector('details')?.setAttribute('open', '')),
  'wallet-show-expiring': of(EXPIRING),
  'wallet-show-expired': of(EXPIRED),
  'wallet-show-locked': of(LOCKED),
  'wallet-show-temporary': of(TEMPORARY),
  'wallet-show-long-name': of(LONG),
  'wallet-show-imported': of(IMPORTED),
  'wallet-show-future': of(FUTURE),
  'wallet-show-replaced': of(REPLACED),
  'wallet-gone': at('one', () => '#/c/00'),
  'wallet-add': at('one', () => '#/add'),
  'wallet-add-none': search([]),
  'wallet-add-two': search(findings().slice(0, 2)),
  'wallet-add-pfx': search(findings().slice(2)),
  'wallet-add-wrong': search(findings(), 1, WRONG),
  'wallet-export': of(VALID, '/export'),
  'wallet-export-pfx': of(VALID, '/export', (e) => choose(e, 'input[value="pfx"]')),
  'wallet-export-old': of(VALID, '/export', (e) => choose(e, 'input[value="old-zip"]')),
  'wallet-export-old-pfx': of(IMPORTED, '/export', (e) => choose(e, 'input[value="old-pfx"]')),
  'wallet-export-wrong': of(VALID, '/export', async (e) => { await send(e, WRONG); await refused(e) }),
  'wallet-name': of(LONG, '/name'),
  'wallet-password': of(VALID, '/password'),
  'wallet-password-rules': of(VALID, '/password', (e) => {
    fill(e.querySelector<HTMLInputElement>('ingam-new-password input') ?? undefined, 'Gallery한글1')
  }),
  'wallet-delete': of(VALID, '/delete'),
  'sign-one': signing('one'),
  'sign-thirty': signing('thirty'),
  'sign-expired': signing('expired'),
  'sign-file': signing('one', (e) => choose(e, 'input[value="file"]')),
  'sign-wrong': signing('one', async (e) => { await written(e, WRONG); await refused(e) }),
  'sign-signed': signing('one', async (e) => { await written(e, GOOD); await until(() => e.dataset['state'] === 'signed' || !!e.querySelector('.sealed')) }),
  'login-one': login('one'),
  'login-several': login('three'),
  'login-expired': login('expired'),
  'login-down': login('one', async (e) => { await send(e, GOOD); await refused(e) }), // nobody answers here
}
