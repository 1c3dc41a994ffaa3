import { find, type Found } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { property, state } from 'lit/decorators.js'
import { define } from '../base'
import { notice } from '../notice'
import { say } from '../say'
import { Act } from './act'
import { badge, kindOf, ownerOf, until } from './card'
import { openWallet } from './open'
import { go } from './route'

/**
 * Brings in certificates of any CA: dropped, picked as files, or a whole folder.
 * `within` another page it leads nowhere afterwards: that page hears
 * `ingam-added`.
 */
class Add extends Act {
  @property({ type: Boolean }) within = false
  @state() private found?: Found[] | undefined
  @state() private chosen = 0
  @state() private over = false

  protected override render(): TemplateResult {
    return html`
      ${this.within ? nothing : html`<p><a href="#/">${say('wallet.to-list')}</a></p>`}
      <h2>${say('wallet.add.title')}</h2>
      ${this.refused()}
      ${this.found?.length ? this.choose(this.found) : this.pick()}`
  }

  private pick(): TemplateResult {
    const folders = 'webkitdirectory' in HTMLInputElement.prototype
    return html`
      ${this.found && !this.failure ? notice('warning', say('wallet.add.none'), say('wallet.add.none.do')) : nothing}
      <p>${say('wallet.add.lead')}</p>
      <div class="drop" ?data-over=${this.over} @dragover=${this.dragged} @dragleave=${() => { this.over = false }} @drop=${this.dropped}>
        <p>${say('wallet.add.drop')}</p>
        <div class="row-actions">
          <button class="btn btn-primary" type="button" @click=${() => this.browse('#files')}>${say('wallet.add.files')}</button>
          <input hidden type="file" id="files" multiple accept=".der,.key,.cer,.crt,.pem,.zip,.pfx,.p12" @change=${this.picked}>
          ${folders
            ? html`<button class="btn btn-secondary" type="button" @click=${() => this.browse('#folder')}>${say('wallet.add.folder')}</button>
              <input hidden type="file" id="folder" webkitdirectory @change=${this.picked}>`
            : nothing}
        </div>
        ${this.busy ? html`<p class="hint" role="status">${say('wallet.add.looking')}</p>` : nothing}
      </div>
      <details class="more">
        <summary>${say('wallet.add.where')}</summary>
        <dl class="facts">
          <div><dt>Windows</dt><dd>C:\\Users\\${say('wallet.add.user')}\\AppData\\LocalLow\\NPKI</dd></div>
          <div><dt>macOS</dt><dd>~/Library/Preferences/NPKI</dd></div>
          <div><dt>Linux</dt><dd>~/NPKI</dd></div>
          <div><dt>USB</dt><dd>E:\\NPKI</dd></div>
        </dl>
      </details>
      <p class="hint">${say('wallet.add.stays')}</p>`
  }

  private choose(found: Found[]): TemplateResult {
    const one = found[this.chosen]
    return html`<form class="stack" @submit=${this.submitted}>
      <fieldset class="choices">
        <legend>${say('wallet.add.found', { n: found.length })}</legend>
        ${found.map((f, i) => html`<label class="choice">
          <input type="radio" name="found" value=${i} .checked=${i === this.chosen} @change=${() => { this.chosen = i; this.failure = undefined }}>
          <span>${described(f)}</span>
        </label>`)}
      </fieldset>
      ${this.passwordField(one?.kind === 'pfx' ? say('wallet.add.pfx-password') : undefined, say('wallet.add.password-hint'))}
      ${one?.kind === 'npki' ? html`<label class="check"><input type="checkbox" name="modernise" checked>
        <span>${say('wallet.add.modernise')}<br><span class="hint">${say('wallet.add.modernise.hint')}</span></span></label>` : nothing}
      <div class="actions">
        <button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.again}>${say('wallet.add.again')}</button>
        ${this.submit(say('wallet.add.do'), say('wallet.adding'))}
      </div>
    </form>`
  }

  private readonly again = (): void => {
    this.found = undefined
    this.failure = undefined
    void this.focusOn('h2')
  }

  /** The browser's own dialog. Its field is hidden: the button is what one sees and reaches by Tab. */
  private browse(field: string): void {
    this.querySelector<HTMLInputElement>(field)?.click()
  }

  private dragged(event: DragEvent): void {
    event.preventDefault()
    this.over = true
  }

  private dropped(event: DragEvent): void {
    event.preventDefault()
    this.over = false
    if (event.dataTransfer) this.look(find(event.dataTransfer))
  }

  private picked(event: Event): void {
    const input = event.target as HTMLInputElement
    if (input.files?.length) this.look(find([...input.files]))
    input.value = '' // so that the same file can be picked once more
  }

  private look(search: Promise<Found[]>): void {
    this.found = undefined
    void this.act(say('wallet.add.looking'), async () => {
      this.found = await search
      this.chosen = 0
      await this.focusOn(this.found.length ? 'input[name="found"]' : '.notice')
    })
  }

  private submitted(event: SubmitEvent): void {
    event.preventDefault()
    const one = this.found?.[this.chosen]
    if (!one) return
    const password = this.take()
    const modernise = this.querySelector<HTMLInputElement>('input[name="modernise"]')?.checked ?? false
    void this.act(say('wallet.adding'), async () => {
      const wallet = await openWallet()
      const entry =
        one.kind === 'pfx' ? (await wallet.addPfx(one.file, password))[0] : await wallet.add(one.item, password, { modernise })
      if (this.within) {
        this.found = undefined
        this.dispatchEvent(new CustomEvent('ingam-added'))
      } else go(entry ? `#/c/${entry.id}` : '#/', 'added')
    })
  }
}

function described(found: Found): TemplateResult {
  if (found.kind === 'pfx') return html`<span class="choice-title">${found.path}</span><span class="choice-text">${say('wallet.add.pfx')}</span>`
  const { certificate, item } = found
  return html`<span class="choice-title">${ownerOf(certificate)} ${badge(found)}</span>
    <span class="choice-text">${kindOf(certificate)} · ${item.ca ?? ''} · ${until(found)}</span>`
}

define('ingam-wallet-add', Add)
