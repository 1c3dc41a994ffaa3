import{C as e,D as t,E as n,O as r,T as i,b as a,c as o,o as s,v as c,w as l}from"./shared-base.js";import{a as u,n as d,r as f,t as p}from"./shared-words.js";var m=class extends e{static{this.properties={world:{attribute:!1},list:{state:!0},problem:{state:!0},done:{state:!0},busy:{state:!0},wrong:{state:!0},leaving:{state:!0}}}constructor(){super(),this.world=u,this.done=this.wrong=``,this.busy=!1}willUpdate(e){e.has(`world`)&&this.#e(),this.dataset.state=this.busy?`busy`:this.problem?`failed`:this.list?`ready`:`loading`}async#e(){this.problem=void 0;try{this.list=(await this.world.api.get(`/passkeys`)).passkeys}catch(e){this.problem=d(e)}}render(){let e=this.problem;return r`
      ${e?o(`danger`,e.title,e.detail,{code:e.code,actions:this.list?t:this.#t()}):t}
      ${this.done?o(`success`,this.done):t}
      ${this.list?this.#n(this.list):e?t:r`<p class="hint" role="status">${c(`passkeys.loading`)}</p>`}
      ${this.world.hindrance?p(this.world.hindrance):this.list?this.#r():t} ${this.#i()}`}#t(){return r`<button type="button" class="btn btn-secondary" @click=${()=>this.#e()}>${c(`el.again`)}</button>`}#n(e){return e.length?r`<ul class="list">
      ${e.map(e=>r`<li>
          <div class="row">
            <span class="row-body">
              <span class="row-title">${e.name}</span>
              <span class="row-text">${c(`passkeys.made`,{date:a(new Date(e.createdAt))})}</span>
              <span class="row-text">${e.usedAt?c(`passkeys.used`,{date:a(new Date(e.usedAt))}):c(`passkeys.unused`)}</span>
            </span>
            <button type="button" class="btn btn-quiet" data-act="remove" aria-label=${c(`passkeys.remove.of`,{name:e.name})} @click=${()=>this.#a(e)}>
              ${c(`passkeys.remove`)}
            </button>
          </div>
        </li>`)}
    </ul>`:r`<div class="empty"><p><strong>${c(`passkeys.none`)}</strong></p><p>${c(`passkeys.none.text`)}</p></div>`}#r(){return r`<form novalidate class="card" @submit=${this.#o}>
      <div class="field">
        <label for="passkey-name">${c(`passkeys.name`)}</label>
        <input id="passkey-name" name="name" type="text" maxlength="60" autocomplete="off" aria-invalid=${this.wrong?`true`:`false`}
          aria-describedby=${this.wrong?`passkey-name-hint passkey-name-error`:`passkey-name-hint`} />
        <p class="hint" id="passkey-name-hint">${c(`passkeys.name.hint`)}</p>
        ${this.wrong?s(`passkey-name-error`,this.wrong):t}
      </div>
      <div class="row-actions">
        <button class="btn btn-primary" type="submit" aria-busy=${this.busy?`true`:`false`} aria-disabled=${this.busy?`true`:`false`}>
          ${this.busy?c(`el.passkey.asking`):c(`passkeys.add`)}
        </button>
      </div>
    </form>`}#i(){let e=this.leaving;return r`<dialog class="dialog" aria-labelledby="passkey-leave" @close=${()=>this.leaving=void 0}>
      <h2 id="passkey-leave">${e?c(`passkeys.leave`,{name:e.name}):``}</h2>
      <p>${c(`passkeys.leave.text`)}</p>
      <div class="row-actions">
        <button type="button" class="btn btn-danger" @click=${this.#s}>${c(`passkeys.remove`)}</button>
        <button type="button" class="btn btn-secondary" @click=${()=>this.querySelector(`dialog`)?.close()}>${c(`el.cancel`)}</button>
      </div>
    </dialog>`}#a(e){this.leaving=e;let t=this.querySelector(`dialog`);this.updateComplete.then(()=>{t&&n(t)})}#o=async e=>{e.preventDefault();let t=this.querySelector(`#passkey-name`),n=t?.value.trim()??``;if(this.wrong=n?``:c(`passkeys.name.empty`),!n)return this.focusOn(`#passkey-name`);await this.#c(async()=>(await f(this.world,n),t&&(t.value=``),c(`passkeys.added`,{name:n})))};#s=async()=>{let e=this.leaving;this.querySelector(`dialog`)?.close(),e&&await this.#c(async()=>(await this.world.api.remove(`/passkeys/${encodeURIComponent(e.id)}`),c(`passkeys.removed`,{name:e.name})))};async#c(e){if(!this.busy){this.busy=!0,this.done=``,this.problem=void 0;try{let t=await e();await this.#e(),this.done=t,l(t)}catch(e){this.problem=d(e),await this.focusOn(`.notice-danger`)}finally{this.busy=!1}}}};i(`ingam-passkeys`,m);