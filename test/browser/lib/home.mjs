// A customer's command-line wallet: what is issued online or fetched with codes
// without a browser, and what the bank says of it since.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ingam } from './demo.mjs'
import { PASSWORD } from './customer.mjs'

export class Home {
  constructor(demo, login) {
    this.demo = demo
    this.sample = demo.sample(login)
    this.npki = path.join(demo.folder, `NPKI-${login}`)
  }

  /** A file of the folder, for what is secret. */
  async file(name, content) {
    const file = path.join(this.demo.folder, `${this.sample.loginId}-${name}`)
    await writeFile(file, content, { mode: 0o600 })
    return file
  }

  async list() {
    return JSON.parse((await ingam('list', '--npki', this.npki, '--json')).stdout).certificates
  }

  async #issue(...args) {
    const password = await this.file('password', `${PASSWORD}\n`)
    await ingam('issue', '--server', this.demo.url, '--password-file', password, '--out', this.npki, ...args)
  }

  /** Gets a certificate online; gives its serial number. */
  async issue(kind = 'personal-bank') {
    const { sample: s, demo } = this
    const before = await this.list().catch(() => [])
    const { document, number, name, issueDate, licence } = s.cards.find((c) => c.standing === 'genuine')
    const answers = {
      loginPassword: s.password, agreeRequired: true, card: { document, number, name, issueDate, licence, image: await this.file('card.png', await demo.picture(s)) },
      account: { account: s.account, password: s.accountPassword },
      otpURL: `${demo.simulator}/simulator/v1/otp?customer=${s.number}`,
      phoneCodeURL: `${demo.simulator}/simulator/v1/inbox?to=${s.phone}`,
    }
    await this.#issue('--login', s.loginId, '--kind', kind, '--answers', await this.file('answers', JSON.stringify(answers)))
    return (await this.list()).find((c) => !before.some((b) => b.serial === c.serial)).serial
  }

  /** Fetches a certificate with codes of a branch. */
  async redeem({ reference, code }) {
    await this.#issue('--ref', reference, '--code-file', await this.file('code', `${code}\n`))
  }

  /** What the bank says of a certificate: valid, suspended, revoked. */
  async status(serial) {
    // It ends with 1 when one can't be used.
    const { stdout } = await ingam('status', '--npki', this.npki, '--json').catch((e) => e)
    return JSON.parse(stdout).certificates.find((c) => c.serial === serial).status
  }
}
