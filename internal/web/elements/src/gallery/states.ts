import type { FinishElement } from '../finish'
import type { IssueElement } from '../issue/element'
import type { NewPassword } from '../new-password'
import type { CardPhoto } from '../photo/element'
import type { PasskeyLogin } from '../passkeys/login'
import type { Passkeys } from '../passkeys/element'
import type { NearElement } from '../near'
import { fill, found, until, type Set } from './help'
import { painted } from './picture'
import { walletStates } from './wallet'
import { broken, entryOf, passkeysOf, worldOf, type Still } from './worlds'

const GOOD = 'Gallery-2026'

/** A state of ingam-issue, reached as a person would: fields filled in, button pressed. */
function issue(still: Still, act?: (e: IssueElement) => Promise<void>): Set {
  return async (root) => {
    const e = await found<IssueElement>(root, 'ingam-issue', worldOf(still))
    await until(() => e.dataset['state'] !== 'opening' || still.stop === 'open')
    await act?.(e)
  }
}

async function typed(e: IssueElement, first: string, second: string): Promise<void> {
  await until(() => e.querySelectorAll('ingam-new-password input[type="password"]').length === 2)
  const [a, b] = e.querySelectorAll<HTMLInputElement>('ingam-new-password input[type="password"]')
  fill(a, first)
  fill(b, second)
  await e.querySelector<NewPassword>('ingam-new-password')?.updateComplete
}

/** To renew: the old certificate is here, or not. */
function renew(still: Still, act?: (e: IssueElement) => Promise<void>): Set {
  return async (root) => {
    const serial = root.querySelector('ingam-issue')?.getAttribute('renews') ?? ''
    await issue({ entry: entryOf(serial, false), ...still }, act)(root)
  }
}

const renewed = async (e: IssueElement): Promise<void> => {
  await typed(e, GOOD, GOOD)
  fill(e.querySelector<HTMLInputElement>('#old-password') ?? undefined, GOOD)
  e.querySelector('form')?.requestSubmit()
}

const pressed = async (e: IssueElement): Promise<void> => {
  await typed(e, GOOD, GOOD)
  e.querySelector('form')?.requestSubmit()
}

function finish(still: 'here' | 'temporary' | 'missing' | 'blocked'): Set {
  return async (root) => {
    const serial = root.querySelector('ingam-finish')?.getAttribute('serial') ?? ''
    const shown = still === 'missing' ? {} : { entry: entryOf(serial, still === 'temporary') }
    await found<FinishElement>(root, 'ingam-finish', worldOf(still === 'blocked' ? { noStorage: true } : shown))
  }
}

/** The button of the branches' page is pressed, and the device answers so. */
function near(locate: NearElement['locate']): Set {
  return async (root) => {
    await customElements.whenDefined('ingam-near')
    const e = root.querySelector<NearElement>('ingam-near')
    const button = e?.querySelector('button')
    if (!e || !button) throw new Error('the page has no ingam-near with a button')
    e.locate = locate
    button.click()
    await until(() => !button.hasAttribute('aria-busy'))
  }
}

const made = '2026-02-03T04:05:06Z'

function passkeys(sort: 'none' | 'list' | 'blocked'): Set {
  return async (root) => {
    const list = [
      { id: '1', name: '내 휴대폰', createdAt: made, usedAt: '2026-03-01T01:00:00Z' },
      { id: '2', name: '회사 노트북의 지문 인식기, 창가 자리에 있는 것', createdAt: made },
    ]
    await found<Passkeys>(root, 'ingam-passkeys', passkeysOf(sort === 'none' ? [] : list, sort === 'blocked' ? 'address' : undefined))
  }
}

function photo(sort: 'sharp' | 'blurred'): Set {
  return async (root) => {
    const e = await found<CardPhoto>(root, 'ingam-card-photo')
    const input = e.querySelector<HTMLInputElement>('input[type="file"]')
    if (!input) return
    const list = new DataTransfer()
    list.items.add(await painted(sort))
    input.files = list.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  }
}

/** The states that a page of the gallery can ask for. */
export const states: Record<string, Set> = {
  'near-asked': near(async () => ({ latitude: 37.498, longitude: 127.028 })),
  'near-denied': near(async () => { throw Object.assign(new Error('denied'), { code: 1 }) }),
  'issue-opening': issue({ stop: 'open' }),
  'issue-idle': issue({}),
  'issue-typed': issue({}, (e) => typed(e, 'Gallery한글1', 'other')),
  'issue-resume': issue({ pending: true }),
  'issue-making': issue({ stop: 'key' }, pressed),
  'issue-sending': issue({ stop: 'sending' }, pressed),
  'issue-waiting': issue({ taken: true }, pressed),
  'issue-failed': issue({ refuse: broken() }),
  'issue-insecure': issue({ secure: false }),
  'issue-storage': issue({ noStorage: true }),
  'issue-elsewhere': async (root) => {
    const e = await found<IssueElement>(root, 'ingam-issue', worldOf({}))
    await until(() => e.dataset['state'] === 'idle')
    e.state = { at: 'elsewhere' }
    e.dataset['state'] = 'elsewhere'
  },
  'renew-idle': renew({}),
  'renew-missing': issue({}),
  'renew-other': issue({ entry: entryOf('00', false) }, async (e) => {
    await until(() => !!e.querySelector('ingam-wallet-add'))
    e.querySelector('ingam-wallet-add')?.dispatchEvent(new CustomEvent('ingam-added'))
    await until(() => e.state.at === 'missing' && !!e.state.other)
  }),
  'renew-wrong': renew({ wrongOld: true }, async (e) => { await renewed(e); await until(() => !!e.querySelector('.notice-danger')) }),
  'renew-resume': renew({ pending: true }),
  'renew-making': renew({ stop: 'key' }, renewed),
  'finish-here': finish('here'),
  'finish-temporary': finish('temporary'),
  'finish-missing': finish('missing'),
  'finish-blocked': finish('blocked'),
  'passkeys-none': passkeys('none'),
  'passkeys-list': passkeys('list'),
  'passkeys-blocked': passkeys('blocked'),
  'passkey-login-blocked': async (root) => {
    await found<PasskeyLogin>(root, 'ingam-passkey-login', passkeysOf([], 'address'))
  },
  'photo-sharp': photo('sharp'),
  'photo-blurred': photo('blurred'),
  ...walletStates,
  'idle-warning': () => {
    const idle = document.createElement('ingam-idle')
    idle.setAttribute('open', '')
    document.body.append(idle)
  },
}
