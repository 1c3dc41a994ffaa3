import type { Entry } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { property, state } from 'lit/decorators.js'
import { api, base64 } from './api'
import { define } from './base'
import { inside } from './inside'
import { say } from './say'
import { chooser, firstChoice, obstacle } from './sign/choose'
import { Act } from './wallet/act'
import { openWallet } from './wallet/open'

interface Challenge {
  content: string
  expiresAt: string
}

/** Logs in with a certificate of this browser: signs a text that the bank made for this one time. */
export class IngamCertificateLogin extends Act {
  /** The page to go to afterwards, a path of this site. */
  @property() next = '/'
  @state() private entries?: Entry[]
  @state() private chosen?: string | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    void this.act(say('el.keep.opening'), async () => {
      const wallet = await openWallet()
      const read = async () => {
        this.entries = await wallet.list()
        this.chosen = firstChoice(this.entries, this.chosen)
      }
      wallet.subscribe(() => void read())
      await read()
    })
  }

  protected override render(): TemplateResult {
    if (!this.entries) return html`${this.refused()}${this.busy ? html`<p class="hint" role="status">${say('el.keep.opening')}</p>` : nothing}`
    if (!this.entries.length) return html`<p>${say('el.keep.login.none')} <a href="/wallet#/add">${say('el.keep.import')}</a></p>`
    const entry = this.entries.find(({ id }) => id === this.chosen)
    const why = entry && obstacle(entry)
    return html`<form class="stack" @submit=${this.submitted}>
      ${this.refused()}
      ${chooser(this.entries, this.chosen, (id) => { this.chosen = id; this.failure = undefined })}
      ${why ?? this.passwordField()}
      ${this.submit(say('el.keep.login'), say('el.keep.logging-in'), 'secondary')}
    </form>`
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    const entry = this.entries?.find(({ id }) => id === this.chosen)
    if (!entry) return
    if (obstacle(entry)) {
      void this.focusOn('.notice-danger')
      return
    }
    const password = this.take()
    void this.act(say('el.keep.logging-in'), async () => {
      const { content } = await api.post<Challenge>('/session/challenge', {}, { anonymous: true })
      const signature = await (await openWallet()).sign(entry.id, password, content, { attributes: true, withChain: true })
      await api.post('/session/certificate', { signature: base64(signature) }, { anonymous: true })
      location.assign(inside(this.next))
    })
  }
}

define('ingam-certificate-login', IngamCertificateLogin)
