import type { Entry, Wallet } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { state } from 'lit/decorators.js'
import { Base, define } from '../base'
import { notice, problemNotice } from '../notice'
import { say } from '../say'
import './add'
import { certificateCard } from './card'
import './export'
import './name'
import { openWallet } from './open'
import './password'
import './remove'
import { takeDone, viewOf, type Done, type View } from './route'
import { show } from './show'

/**
 * The wallet's page: hash views over what this browser keeps. It asks nothing
 * of the service, so it works without a network.
 */
class IngamWallet extends Base {
  @state() private entries?: Entry[]
  @state() private view: View = viewOf(location.hash)
  @state() private failure: unknown
  @state() private done?: Done | undefined
  private wallet?: Wallet
  private stop?: () => void
  private readonly pageTitle = document.title

  override connectedCallback(): void {
    super.connectedCallback()
    this.classList.add('stack')
    addEventListener('hashchange', this.turn)
    void this.load()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('hashchange', this.turn)
    this.stop?.()
  }

  private async load(): Promise<void> {
    this.failure = undefined
    try {
      this.wallet = await openWallet()
      this.stop?.()
      this.stop = this.wallet.subscribe(() => void this.read())
      await this.read()
    } catch (e) {
      this.failure = e
    }
    this.dataset['state'] = this.failure ? 'failed' : 'ready'
  }

  private async read(): Promise<void> {
    this.entries = await this.wallet!.list()
  }

  private readonly turn = async (): Promise<void> => {
    this.view = viewOf(location.hash)
    this.done = takeDone()
    await this.updateComplete
    const heading = this.querySelector('h2')
    document.title = this.view.at === 'list' || !heading ? this.pageTitle : `${heading.textContent.trim()} - ${this.pageTitle}`
    scrollTo(0, 0)
    await this.focusOn(this.done ? '.notice' : 'h2')
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.failure) {
      return problemNotice(this.failure, html`<p><button class="btn btn-secondary" type="button" @click=${() => this.load()}>${say('wallet.again')}</button></p>`)
    }
    if (!this.entries) return html`<p class="hint" role="status">${say('wallet.opening')}</p>`
    return html`${this.said()}${this.body(this.entries)}`
  }

  private said(): TemplateResult | typeof nothing {
    switch (this.done) {
      case 'added': return notice('success', say('wallet.done.added'), say('wallet.done.added.do'))
      case 'named': return notice('success', say('wallet.done.named'))
      case 'password': return notice('success', say('wallet.done.password'), say('wallet.done.password.do'))
      case 'deleted': return notice('success', say('wallet.done.deleted'))
      case 'exported': return notice('success', say('wallet.done.exported'), say('wallet.done.exported.do'))
      case 'kept': return notice('success', say('wallet.done.kept'))
      default: return nothing
    }
  }

  private body(entries: Entry[]): TemplateResult {
    const { view } = this
    if (view.at === 'list') return list(entries)
    if (view.at === 'add') return html`<ingam-wallet-add></ingam-wallet-add>`
    const entry = entries.find(({ id }) => id === view.id)
    if (!entry) {
      return notice('warning', say('el.w.gone'), say('el.w.gone.do'), {
        actions: html`<p><a class="btn btn-secondary" href="#/">${say('wallet.to-list')}</a></p>`,
      })
    }
    switch (view.at) {
      case 'show': return show(entry)
      case 'name': return html`<ingam-wallet-name .entry=${entry}></ingam-wallet-name>`
      case 'password': return html`<ingam-wallet-password .entry=${entry}></ingam-wallet-password>`
      case 'export': return html`<ingam-wallet-export .entry=${entry}></ingam-wallet-export>`
      case 'delete': return html`<ingam-wallet-delete .entry=${entry}></ingam-wallet-delete>`
    }
  }
}

function list(entries: Entry[]): TemplateResult {
  if (!entries.length) {
    return html`<div class="empty">
      <h2>${say('wallet.empty')}</h2>
      <p>${say('wallet.empty.do')}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${say('wallet.issue')}</a>
        <a class="btn btn-secondary" href="#/add">${say('wallet.add')}</a>
      </div>
    </div>`
  }
  return html`
    <h2>${say('wallet.count', { n: entries.length })}</h2>
    <ul class="cards">${entries.map((entry) => html`<li>${certificateCard(entry, `#/c/${entry.id}`)}</li>`)}</ul>
    <p class="hint">${say('wallet.here-only')}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${say('wallet.add')}</a>
      <a class="btn btn-secondary" href="/apply">${say('wallet.issue')}</a>
    </div>`
}

define('ingam-wallet', IngamWallet)
