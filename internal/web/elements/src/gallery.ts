// Only the gallery's pages load this: it sets elements to a state that else
// needs a service, a camera or a person.
import { define } from './base'
import { states } from './gallery/states'

/**
 * Around a page's content, or anywhere in it: sets the elements of the page to
 * `state`. `data-state` is ready once that has begun to show.
 */
class Gallery extends HTMLElement {
  async connectedCallback(): Promise<void> {
    const set = states[this.getAttribute('state') ?? '']
    try {
      if (!set) throw new Error(`there is no state ${this.getAttribute('state')}`)
      await set(this.childElementCount ? this : document)
      this.dataset['state'] = 'ready'
    } catch (e) {
      this.dataset['state'] = 'failed'
      console.error(e)
    }
  }
}

define('ingam-gallery', Gallery)
