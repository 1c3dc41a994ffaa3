import{C as e,D as t,O as n,T as r,b as i,c as a,k as o,o as s,v as c,w as l}from"./shared-base.js";import{a as u,n as d,r as f,t as p}from"./shared-words.js";var m=class extends e{static{this.properties={world:{attribute:!1},list:{state:!0},problem:{state:!0},done:{state:!0},busy:{state:!0},wrong:{state:!0},leaving:{state:!0}}}constructor(){super(),this.world=u,this.done=this.wrong=``,this.busy=!1}willUpdate(e){e.has(`world`)&&this.#e(),this.dataset.state=this.busy?`busy`:this.problem?`failed`:this.list?`ready`:`loading`}async#e(){this.problem=void 0;try{this.list=(await this.world.api.get(`/passkeys`)).passkeys}catch(e){this.problem=d(e)}}render(){let e=this.problem;return o`
      ${e?a(`danger`,e.title,e.detail,{code:e.code,actions:this.list?n:this.#t()}):n}
      ${this.done?a(`success`,this.done):n}
      ${this.list?this.#n(this.list):e?n:o`<p class="hint" role="status">${c(`passkeys.loading`)}</p>`}
      ${this.world.hindrance?p(this.world.hindrance):this.list?this.#r():n} ${this.#i()}`}#t(){return o`<button type="button" class="btn btn-secondary" @click=${()=>this.#e()}>${c(`el.again`)}</button>`}#n(e){return e.length?o`<ul class="list">
      ${e.map(e=>o`<li>
          <div class="row">
            <span class="row-body">
              <span class="row-title">${e.name}</span>
              <span class="row-text">${c(`passkeys.made`,{date:i(new Date(e.createdAt))})}</span>
              <span class="row-text">${e.usedAt?c(`passkeys.used`,{date:i(new Date(e.usedAt))}):c(`passkeys.unused`)}</span>
            </span>
            <button type="button" class="btn btn-quiet" data-act="remove" aria-label=${c(`passkeys.remove.of`,{name:e.name})} @click=${()=>this.#a(e)}>
              ${c(`passkeys.remove`)}
            </button>
          </div>
        </li>`)}
    </ul>`:o`<div class="empty"><p><strong>${c(`passkeys.none`)}</strong></p><p>${c(`passkeys.none.text`)}</p></div>`}#r(){return o`<form novalidate class="card" @submit=${this.#o}>
      <div class="field">
        <label for="passkey-name">${c(`passkeys.name`)}</label>
        <input id="passkey-name" name="name" type="text" maxlength="60" autocomplete="off" aria-invalid=${this.wrong?`true`:`false`}
          aria-describedby=${this.wrong?`passkey-name-hint passkey-name-error`:`passkey-name-hint`} />
        <p class="hint" id="passkey-name-hint">${c(`passkeys.name.hint`)}</p>
        ${this.wrong?s(`passkey-name-error`,this.wrong):n}
      </div>
      <div class="row-actions">
        <button class="btn btn-primary" type="submit" aria-busy=${this.busy?`true`:`false`} aria-disabled=${this.busy?`true`:`false`}>
          ${this.busy?c(`el.passkey.asking`):c(`passkeys.add`)}
        </button>
      </div>
    </form>`}#i(){let e=this.leaving;return o`<dialog class="dialog" aria-labelledby="passkey-leave" @close=${()=>this.leaving=void 0}>
      <h2 id="passkey-leave">${e?c(`passkeys.leave`,{name:e.name}):``}</h2>
      <p>${c(`passkeys.leave.text`)}</p>
      <div class="row-actions">
        <button type="button" class="btn btn-danger" @click=${this.#s}>${c(`passkeys.remove`)}</button>
        <button type="button" class="btn btn-secondary" @click=${()=>this.querySelector(`dialog`)?.close()}>${c(`el.cancel`)}</button>
      </div>
    </dialog>`}#a(e){this.leaving=e;let n=this.querySelector(`dialog`);this.updateComplete.then(()=>{n&&t(n)})}#o=async e=>{e.preventDefault();let t=this.querySelector(`#passkey-name`),n=t?.value.trim()??``;if(this.wrong=n?``:c(`passkeys.name.empty`),!n)return this.focusOn(`#passkey-name`);await this.#c(async()=>(await f(this.world,n),t&&(t.value=``),c(`passkeys.added`,{name:n})))};#s=async()=>{let e=this.leaving;this.querySelector(`dialog`)?.close(),e&&await this.#c(async()=>(await this.world.api.remove(`/passkeys/${encodeURIComponent(e.id)}`),c(`passkeys.removed`,{name:e.name})))};async#c(e){if(!this.busy){this.busy=!0,this.done=``,this.problem=void 0;try{let t=await e();await this.#e(),this.done=t,l(t)}catch(e){this.problem=d(e),await this.focusOn(`.notice-danger`)}finally{this.busy=!1}}}};r(`ingam-passkeys`,m);