import type { Entry } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { state } from 'lit/decorators.js'
import { base64 } from '../api'
import { define } from '../base'
import { bankNow } from '../clock'
import { say, sayTime } from '../say'
import { Act } from '../wallet/act'
import { ownerOf } from '../wallet/card'
import { download } from '../wallet/download'
import { openWallet } from '../wallet/open'
import { chooser, firstChoice, nothingHere, obstacle } from './choose'

type Source = 'text' | 'file'

interface Result {
  message: Uint8Array<ArrayBuffer>
  name: string // of the file to download
  owner: string
  at: Date
  what: string // the text's first words or the file's name
  detached: boolean
  text?: string // to copy, when it is short
}

const COPIED = 100_000 // bytes: more is nothing to paste, and would stand in the page once more
const LIMIT = 32 << 20 // bytes; all of it is held in memory several times over

/** Signs a text or a file with a certificate of this browser. Nothing is sent anywhere. */
class IngamSign extends Act {
  @state() private entries?: Entry[]
  @state() private chosen?: string | undefined
  @state() private source: Source = 'text'
  @state() private result?: Result | undefined
  @state() private large = false

  override connectedCallback(): void {
    super.connectedCallback()
    void this.act(say('sign.opening'), async () => {
      const wallet = await openWallet()
      const read = async () => {
        this.entries = await wallet.list()
        this.chosen = firstChoice(this.entries, this.chosen ?? location.hash.replace(/^#\/?/, ''))
      }
      wallet.subscribe(() => void read())
      await read()
    })
  }

  protected override render(): TemplateResult {
    if (!this.entries) return html`${this.refused()}${this.busy ? html`<p class="hint" role="status">${say('sign.opening')}</p>` : nothing}`
    if (this.result) return this.signed(this.result)
    if (!this.entries.length) return nothingHere()
    const entry = this.entries.find(({ id }) => id === this.chosen)
    const why = entry && obstacle(entry)
    return html`<form class="stack" @submit=${this.submitted}>
      ${this.refused()}
      ${this.content()}
      ${chooser(this.entries, this.chosen, (id) => { this.chosen = id; this.failure = undefined })}
      ${why ?? this.passwordField()}
      <div class="actions">
        ${this.submit(say('sign.do'), say('sign.signing'))}
      </div>
    </form>`
  }

  private content(): TemplateResult {
    const tab = (source: Source, label: string) => html`<label class="choice">
      <input type="radio" name="source" value=${source} .checked=${this.source === source} @change=${() => { this.source = source }}>
      <span class="choice-title">${label}</span></label>`
    return html`<fieldset class="choices">
        <legend>${say('sign.what')}</legend>
        ${tab('text', say('sign.text'))}${tab('file', say('sign.file'))}
      </fieldset>
      <div class="field" ?hidden=${this.source !== 'text'}>
        <label for="text">${say('sign.text.label')}</label>
        <textarea id="text" name="text" rows="6" maxlength="100000" ?required=${this.source === 'text'}></textarea>
      </div>
      <div class="field" ?hidden=${this.source !== 'file'}>
        <label for="file">${say('sign.file.label')}</label>
        <input id="file" name="file" type="file" ?required=${this.source === 'file'} aria-describedby="file-hint"
          aria-invalid=${this.large ? 'true' : nothing}>
        <p class="hint" id="file-hint">${say('sign.file.hint')}</p>
        ${this.large ? html`<p class="error" role="alert">${say('sign.file.large')}</p>` : nothing}
      </div>
      <label class="check" ?hidden=${this.source !== 'file'}><input type="checkbox" name="detached"> <span>${say('sign.detached')}</span></label>`
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    const entry = this.entries?.find(({ id }) => id === this.chosen)
    if (!entry) return
    if (obstacle(entry)) {
      void this.focusOn('.notice-danger')
      return
    }
    const file = this.source === 'file' ? this.querySelector<HTMLInputElement>('#file')?.files?.[0] : undefined
    this.large = !!file && file.size > LIMIT
    if (this.large) return
    const text = this.querySelector<HTMLTextAreaElement>('#text')?.value ?? ''
    const detached = !!file && !!this.querySelector<HTMLInputElement>('input[name="detached"]')?.checked
    const password = this.take()
    void this.act(say('sign.signing'), async () => {
      const content = file ? new Uint8Array(await file.arrayBuffer()) : text
      const at = new Date(bankNow())
      const message = await (await openWallet()).sign(entry.id, password, content, { attributes: true, signingTime: at, withChain: true, detached })
      this.result = {
        message,
        at,
        detached,
        owner: ownerOf(entry.certificate),
        name: file ? `${file.name}.${detached ? 'p7s' : 'p7m'}` : 'signed.p7m',
        what: file ? file.name : text,
        ...(message.length <= COPIED && { text: base64(message) }),
      }
      this.dataset['state'] = 'signed'
      await this.focusOn('h2')
    })
  }

  private signed(r: Result): TemplateResult {
    return html`
      <div class="sealed"><div class="seal seal-press" aria-hidden="true"></div>
      <h2>${say('sign.done')}</h2></div>
      <dl class="facts">
        <div><dt>${say('sign.done.what')}</dt><dd>${r.what.length > 80 ? r.what.slice(0, 80) + '…' : r.what}</dd></div>
        <div><dt>${say('sign.done.who')}</dt><dd>${r.owner}</dd></div>
        <div><dt>${say('sign.done.when')}</dt><dd>${sayTime(r.at)}</dd></div>
      </dl>
      <p>${r.detached ? say('sign.done.detached') : say('sign.done.attached')}</p>
      <div class="actions">
        <button class="btn btn-primary" type="button" @click=${() => download(r.message, r.name, 'application/pkcs7-mime')}>${say('sign.download')}</button>
      </div>
      <div class="row-actions">
        ${r.text ? html`<ingam-copy value=${r.text} label=${say('sign.copy')}></ingam-copy>` : nothing}
        <button class="btn btn-quiet" type="button" @click=${this.again}>${say('sign.again')}</button>
      </div>
      <p><a href="/verify">${say('sign.verify')}</a></p>`
  }

  private readonly again = (): void => {
    this.result = undefined
    this.dataset['state'] = 'idle'
  }
}

define('ingam-sign', IngamSign)
