import { html, nothing, type TemplateResult } from 'lit'
import { announce, Base, define, openDialog } from '../base'
import { notice } from '../notice'
import { say } from '../say'
import { Camera, troubleOf, type CameraTrouble } from './camera'
import type { Hint } from './measure'
import { framed, fromFile, fromVideo, PictureError, type Picture } from './picture'

/**
 * Around the field for the card's picture: camera or file, what it looks like,
 * and what may make it unreadable. The picture is drawn anew before it goes
 * into the field; nothing is sent from here. `data-state`: empty, reading,
 * chosen, refused.
 */
export class CardPhoto extends Base {
  static override properties = {
    picture: { state: true },
    preview: { state: true },
    refused: { state: true },
    camera: { state: true },
    taken: { state: true },
  }

  declare picture: Picture | undefined
  declare preview: string
  declare refused: PictureError['reason'] | undefined
  /** The dialog: off, asking for the camera, showing it, or what is wrong with it. */
  declare camera: 'off' | 'asking' | 'on' | CameraTrouble
  declare taken: { picture: Picture; url: string } | undefined
  #camera: Camera | undefined

  constructor() {
    super()
    this.preview = ''
    this.camera = 'off'
  }

  get #input(): HTMLInputElement | null {
    return this.querySelector('input[type="file"]')
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.dataset['state'] = 'empty'
    this.#input?.removeAttribute('capture') // without script the camera opens at once; here there are two ways
    this.#input?.addEventListener('change', this.#chosen)
    addEventListener('pagehide', this.#off)
    document.addEventListener('visibilitychange', this.#hidden)
    if (this.#input?.files?.length) void this.#chosen() // the browser kept it over Back
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#off()
    this.#input?.removeEventListener('change', this.#chosen)
    removeEventListener('pagehide', this.#off)
    document.removeEventListener('visibilitychange', this.#hidden)
    this.#show(undefined)
  }

  protected override render(): TemplateResult {
    return html`
      ${Camera.possible
        ? html`<div class="row-actions"><button type="button" class="btn btn-secondary" id="camera" data-act="camera" @click=${this.#ask}>${say('el.photo.camera')}</button></div>`
        : nothing}
      ${this.refused ? notice('danger', ...(this.refused === 'large' ? refusedLarge() : refusedFormat())) : nothing}
      ${this.picture ? this.#preview(this.picture, this.preview) : nothing} ${this.#dialog()}`
  }

  #preview(picture: Picture, url: string): TemplateResult {
    return html`<figure class="photo"><img src=${url} alt=${say('el.photo.alt')} width=${picture.width} height=${picture.height} /></figure>
      ${hintNotice(picture.hints)}`
  }

  #dialog(): TemplateResult {
    const { camera, taken } = this
    return html`<dialog class="dialog camera" aria-labelledby="camera-title" @close=${this.#off} @cancel=${this.#off}>
      <h2 id="camera-title">${taken ? say('el.photo.look') : say('el.photo.title')}</h2>
      ${taken ? this.#preview(taken.picture, taken.url) : this.#finder()}
      <div class="row-actions">
        ${taken
          ? html`<button type="button" class="btn btn-primary" data-act="use" @click=${this.#use}>${say('el.photo.use')}</button>
              <button type="button" class="btn btn-secondary" data-act="retake" @click=${this.#retake}>${say('el.photo.retake')}</button>`
          : camera === 'on' || camera === 'asking' || camera === 'off'
            ? html`<button type="button" class="btn btn-primary" data-act="take" ?disabled=${camera !== 'on'} @click=${this.#shoot}>${say('el.photo.shoot')}</button>`
            : nothing}
        <button type="button" class="btn ${taken || camera === 'on' || camera === 'asking' ? 'btn-quiet' : 'btn-secondary'}" data-act="close" @click=${this.#off}>${say('el.close')}</button>
      </div>
    </dialog>`
  }

  #finder(): unknown {
    const { camera } = this
    if (camera === 'denied') return notice('warning', say('el.photo.denied'), say('el.photo.denied.do'))
    if (camera === 'none') return notice('warning', say('el.photo.none'), say('el.photo.none.do'))
    if (camera === 'busy') return notice('warning', say('el.photo.busy'), say('el.photo.busy.do'))
    return html`<p>${camera === 'asking' ? say('el.photo.asking') : say('el.photo.frame')}</p>
      <div class="photo"><video muted playsinline aria-label=${say('el.photo.video')}></video><div class="photo-guide" aria-hidden="true"></div></div>`
  }

  /** A file was chosen: it is drawn anew, upright and without what the camera wrote into it. */
  #chosen = async (): Promise<void> => {
    const file = this.#input?.files?.[0]
    if (!file || file === this.picture?.file) return
    this.dataset['state'] = 'reading'
    this.refused = undefined
    try {
      this.#put(await fromFile(file))
    } catch (e) {
      this.refused = e instanceof PictureError ? e.reason : 'format'
      if (this.#input) this.#input.value = ''
      this.#show(undefined)
      this.dataset['state'] = 'refused'
      await this.focusOn('.notice-danger')
    }
  }

  #put(picture: Picture): void {
    const input = this.#input
    if (!input) return
    const list = new DataTransfer()
    list.items.add(picture.file)
    input.files = list.files
    this.#show(picture)
    this.refused = undefined
    this.dataset['state'] = 'chosen'
    announce([say('el.photo.ready'), ...picture.hints.map(sayHint)].join(' '))
  }

  #show(picture: Picture | undefined): void {
    if (this.preview) URL.revokeObjectURL(this.preview)
    this.picture = picture
    this.preview = picture ? URL.createObjectURL(picture.file) : ''
  }

  #ask = async (): Promise<void> => {
    const dialog = this.querySelector('dialog')
    if (!dialog) return
    this.camera = 'asking'
    this.#forgetTaken()
    await this.updateComplete
    openDialog(dialog)
    await this.#start()
  }

  async #start(): Promise<void> {
    await this.updateComplete
    const video = this.querySelector('video')
    if (!video) return
    const camera = (this.#camera = new Camera())
    try {
      await camera.start(video)
      if (this.#camera === camera) this.camera = 'on'
    } catch (e) {
      if (this.#camera === camera) this.camera = troubleOf(e)
    }
  }

  #shoot = async (): Promise<void> => {
    const video = this.querySelector('video')
    if (!video?.videoWidth) return
    const picture = await fromVideo(video, framed({ width: video.videoWidth, height: video.videoHeight }))
    this.#camera?.stop()
    this.taken = { picture, url: URL.createObjectURL(picture.file) }
    announce([say('el.photo.taken'), ...picture.hints.map(sayHint)].join(' '))
    await this.focusOn('dialog .btn-primary')
  }

  #retake = async (): Promise<void> => {
    this.#forgetTaken()
    this.camera = 'asking'
    await this.#start()
    await this.focusOn('dialog .btn-primary')
  }

  #use = (): void => {
    const taken = this.taken
    this.#off()
    if (taken) this.#put(taken.picture)
  }

  #forgetTaken(): void {
    if (this.taken) URL.revokeObjectURL(this.taken.url)
    this.taken = undefined
  }

  /** The light of the camera goes out, whichever way the dialog was left. */
  #off = (): void => {
    this.#camera?.stop()
    this.#camera = undefined
    this.camera = 'off'
    this.#forgetTaken()
    const dialog = this.querySelector('dialog')
    if (dialog?.open) dialog.close()
  }

  #hidden = (): void => {
    if (document.hidden && this.camera === 'on' && !this.taken) this.#off()
  }
}

function hintNotice(hints: Hint[]): unknown {
  if (!hints.length) return html`<p class="hint photo-hints">${say('el.photo.fine')}</p>`
  return html`<div class="photo-hints">
    ${notice('warning', say('el.photo.hints'), html`${hints.map((h) => html`<span>${sayHint(h)} </span>`)}`)}
  </div>`
}

function sayHint(hint: Hint): string {
  switch (hint) {
    case 'small': return say('el.photo.small')
    case 'blurred': return say('el.photo.blurred')
    case 'dark': return say('el.photo.dark')
    case 'bright': return say('el.photo.bright')
  }
}

const refusedLarge = (): [string, string] => [say('el.photo.large'), say('el.photo.large.do')]
const refusedFormat = (): [string, string] => [say('el.photo.format'), say('el.photo.format.do')]

define('ingam-card-photo', CardPhoto)
