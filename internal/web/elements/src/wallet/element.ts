import type { Entry, Unfinished, Wallet } from '@ingam/wallet'
import { html, nothing, type TemplateResult } from 'lit'
import { state } from 'lit/decorators.js'
import { Base, define } from '../base'
import { notice, problemNotice } from '../notice'
import { say, sayTime } from '../say'
import './add'
import { certificateCard, isOver } from './card'
import './discard'
import './export'
import './name'
import { openWallet } from './open'
import './password'
import './remove'
import { applicationPath, takeDone, viewOf, type Done, type View } from './route'
import { show } from './show'

/**
 * The wallet's page: hash views over what this browser keeps. It asks nothing
 * of the service, so it works without a network.
 */
class IngamWallet extends Base {
  @state() private entries?: Entry[]
  @state() private waiting: Unfinished[] = []
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
      this.stop = this.wallet.subscribe(() => void this.read().catch((e: unknown) => { this.failure = e }))
      await this.read()
    } catch (e) {
      this.failure = e
    }
    this.dataset['state'] = this.failure ? 'failed' : 'ready'
  }

  private async read(): Promise<void> {
    const [entries, waiting] = await Promise.all([this.wallet!.list(), this.wallet!.unfinished()])
    this.entries = entries
    this.waiting = waiting
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
      case 'discarded': return notice('success', say('wallet.done.discarded'))
      case 'kept': return notice('success', say('wallet.done.kept'))
      default: return nothing
    }
  }

  private body(entries: Entry[]): TemplateResult {
    const { view } = this
    if (view.at === 'list') return html`${unfinished(this.waiting)}${list(entries, this.waiting.length > 0)}`
    if (view.at === 'discard') return html`<ingam-wallet-discard application=${view.application}></ingam-wallet-discard>`
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

/** Keys whose certificates have not come: who left too early, or lost the answer, goes on from here. */
function unfinished(waiting: Unfinished[]): TemplateResult | typeof nothing {
  if (!waiting.length) return nothing
  return html`
    <h2>${say('wallet.unfinished', { n: waiting.length })}</h2>
    <p>${say('wallet.unfinished.text')}</p>
    <ul class="list" id="unfinished">${waiting.map(({ application, ca, begunAt, replaces, note }) => html`<li>
      <div class="row">
        <div class="row-body">
          <span class="row-title">${replaces ? say('wallet.unfinished.renewal', { ca }) : say('wallet.unfinished.of', { ca })}</span>
          <span class="row-text">${say('wallet.unfinished.since', { time: sayTime(begunAt) })}</span>
          <div class="row-actions">
            <a class="btn btn-secondary" href=${applicationPath(application, note)}>${say('wallet.unfinished.go')}</a>
            <a class="btn btn-quiet" href="#/u/${encodeURIComponent(application)}">${say('wallet.unfinished.discard')}</a>
          </div>
        </div>
      </div>
    </li>`)}</ul>`
}

function list(entries: Entry[], waiting: boolean): TemplateResult {
  if (!entries.length && !waiting) {
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
    ${entries.length
      ? html`<h2>${say('wallet.count', { n: entries.length })}</h2>
          ${shelf(entries)}`
      : nothing}
    <p class="hint">${say('wallet.here-only')}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${say('wallet.add')}</a>
      <a class="btn btn-secondary" href="/apply">${say('wallet.issue')}</a>
    </div>`
}

const MANY = 5 // of more than these, what is over is put away

function shelf(entries: Entry[]): TemplateResult {
  const cards = (some: Entry[]) =>
    html`<ul class="cards">${some.map((entry) => html`<li>${certificateCard(entry, `#/c/${entry.id}`)}</li>`)}</ul>`
  const over = entries.filter(isOver)
  if (entries.length <= MANY || over.length < 2 || over.length === entries.length) return cards(entries)
  return html`${cards(entries.filter((entry) => !over.includes(entry)))}
    <details class="more"><summary>${say('wallet.over', { n: over.length })}</summary>${cards(over)}</details>`
}

define('ingam-wallet', IngamWallet)
