import{A as e,D as t,E as n,O as r,S as i,T as a,b as o,c as s,k as c,o as l}from"./shared-base.js";import{a as u,n as d,r as f,t as p}from"./shared-words.js";var m=class extends a{static{this.properties={world:{attribute:!1},list:{state:!0},problem:{state:!0},done:{state:!0},busy:{state:!0},wrong:{state:!0},leaving:{state:!0}}}constructor(){super(),this.world=u,this.done=this.wrong=``,this.busy=!1}willUpdate(e){e.has(`world`)&&this.#e(),this.dataset.state=this.busy?`busy`:this.problem?`failed`:this.list?`ready`:`loading`}async#e(){this.problem=void 0;try{this.list=(await this.world.api.get(`/passkeys`)).passkeys}catch(e){this.problem=d(e)}}render(){let t=this.problem;return e`
      ${t?s(`danger`,t.title,t.detail,{code:t.code,actions:this.list?c:this.#t()}):c}
      ${this.done?s(`success`,this.done):c}
      ${this.list?this.#n(this.list):t?c:e`<p class="hint" role="status">${o(`passkeys.loading`)}</p>`}
      ${this.world.hindrance?p(this.world.hindrance):this.list?this.#r():c} ${this.#i()}`}#t(){return e`<button type="button" class="btn btn-secondary" @click=${()=>this.#e()}>${o(`el.again`)}</button>`}#n(t){return t.length?e`<ul class="list">
      ${t.map(t=>e`<li>
          <div class="row">
            <span class="row-body">
              <span class="row-title">${t.name}</span>
              <span class="row-text">${o(`passkeys.made`,{date:i(new Date(t.createdAt))})}</span>
              <span class="row-text">${t.usedAt?o(`passkeys.used`,{date:i(new Date(t.usedAt))}):o(`passkeys.unused`)}</span>
            </span>
            <button type="button" class="btn btn-quiet" data-act="remove" aria-label=${o(`passkeys.remove.of`,{name:t.name})} @click=${()=>this.#a(t)}>
              ${o(`passkeys.remove`)}
            </button>
          </div>
        </li>`)}
    </ul>`:e`<div class="empty"><p><strong>${o(`passkeys.none`)}</strong></p><p>${o(`passkeys.none.text`)}</p></div>`}#r(){return e`<form novalidate class="card" @submit=${this.#o}>
      <div class="field">
        <label for="passkey-name">${o(`passkeys.name`)}</label>
        <input id="passkey-name" name="name" type="text" maxlength="60" autocomplete="off" aria-invalid=${this.wrong?`true`:`false`}
          aria-describedby=${this.wrong?`passkey-name-hint passkey-name-error`:`passkey-name-hint`} />
        <p class="hint" id="passkey-name-hint">${o(`passkeys.name.hint`)}</p>
        ${this.wrong?l(`passkey-name-error`,this.wrong):c}
      </div>
      <div class="row-actions">
        <button class="btn btn-primary" type="submit" aria-busy=${this.busy?`true`:`false`} aria-disabled=${this.busy?`true`:`false`}>
          ${this.busy?o(`el.passkey.asking`):o(`passkeys.add`)}
        </button>
      </div>
    </form>`}#i(){let t=this.leaving;return e`<dialog class="dialog" aria-labelledby="passkey-leave" @close=${()=>this.leaving=void 0}>
      <h2 id="passkey-leave">${t?o(`passkeys.leave`,{name:t.name}):``}</h2>
      <p>${o(`passkeys.leave.text`)}</p>
      <div class="row-actions">
        <button type="button" class="btn btn-danger" @click=${this.#s}>${o(`passkeys.remove`)}</button>
        <button type="button" class="btn btn-secondary" @click=${()=>this.querySelector(`dialog`)?.close()}>${o(`el.cancel`)}</button>
      </div>
    </dialog>`}#a(e){this.leaving=e;let t=this.querySelector(`dialog`);this.updateComplete.then(()=>{t&&r(t)})}#o=async e=>{e.preventDefault();let t=this.querySelector(`#passkey-name`),n=t?.value.trim()??``;if(this.wrong=n?``:o(`passkeys.name.empty`),!n)return this.focusOn(`#passkey-name`);await this.#c(async()=>(await f(this.world,n),t&&(t.value=``),o(`passkeys.added`,{name:n})))};#s=async()=>{let e=this.leaving;this.querySelector(`dialog`)?.close(),e&&await this.#c(async()=>(await this.world.api.remove(`/passkeys/${encodeURIComponent(e.id)}`),o(`passkeys.removed`,{name:e.name})))};async#c(e){if(!this.busy){this.busy=!0,this.done=``,this.problem=void 0;try{let t=await e();await this.#e(),this.done=t,n(t)}catch(e){this.problem=d(e),await this.focusOn(`.notice-danger`)}finally{this.busy=!1}}}};t(`ingam-passkeys`,m);