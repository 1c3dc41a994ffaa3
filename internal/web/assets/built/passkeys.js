import{A as e,D as t,E as n,S as r,T as i,b as a,c as o,j as s,k as c,o as l}from"./shared-base.js";import{a as u,n as d,r as f,t as p}from"./shared-words.js";var m=class extends i{static{this.properties={world:{attribute:!1},list:{state:!0},problem:{state:!0},done:{state:!0},busy:{state:!0},wrong:{state:!0},leaving:{state:!0}}}constructor(){super(),this.world=u,this.done=this.wrong=``,this.busy=!1}willUpdate(e){e.has(`world`)&&this.#e(),this.dataset.state=this.busy?`busy`:this.problem?`failed`:this.list?`ready`:`loading`}async#e(){this.problem=void 0;try{this.list=(await this.world.api.get(`/passkeys`)).passkeys}catch(e){this.problem=d(e)}}render(){let t=this.problem;return s`
      ${t?o(`danger`,t.title,t.detail,{code:t.code,actions:this.list?e:this.#t()}):e}
      ${this.done?o(`success`,this.done):e}
      ${this.list?this.#n(this.list):t?e:s`<p class="hint" role="status">${a(`passkeys.loading`)}</p>`}
      ${this.world.hindrance?p(this.world.hindrance):this.list?this.#r():e} ${this.#i()}`}#t(){return s`<button type="button" class="btn btn-secondary" @click=${()=>this.#e()}>${a(`el.again`)}</button>`}#n(e){return e.length?s`<ul class="list">
      ${e.map(e=>s`<li>
          <div class="row">
            <span class="row-body">
              <span class="row-title">${e.name}</span>
              <span class="row-text">${a(`passkeys.made`,{date:r(new Date(e.createdAt))})}</span>
              <span class="row-text">${e.usedAt?a(`passkeys.used`,{date:r(new Date(e.usedAt))}):a(`passkeys.unused`)}</span>
            </span>
            <button type="button" class="btn btn-quiet" data-act="remove" aria-label=${a(`passkeys.remove.of`,{name:e.name})} @click=${()=>this.#a(e)}>
              ${a(`passkeys.remove`)}
            </button>
          </div>
        </li>`)}
    </ul>`:s`<div class="empty"><p><strong>${a(`passkeys.none`)}</strong></p><p>${a(`passkeys.none.text`)}</p></div>`}#r(){return s`<form novalidate class="card" @submit=${this.#o}>
      <div class="field">
        <label for="passkey-name">${a(`passkeys.name`)}</label>
        <input id="passkey-name" name="name" type="text" maxlength="60" autocomplete="off" aria-invalid=${this.wrong?`true`:`false`}
          aria-describedby=${this.wrong?`passkey-name-hint passkey-name-error`:`passkey-name-hint`} />
        <p class="hint" id="passkey-name-hint">${a(`passkeys.name.hint`)}</p>
        ${this.wrong?l(`passkey-name-error`,this.wrong):e}
      </div>
      <div class="row-actions">
        <button class="btn btn-primary" type="submit" aria-busy=${this.busy?`true`:`false`} aria-disabled=${this.busy?`true`:`false`}>
          ${this.busy?a(`el.passkey.asking`):a(`passkeys.add`)}
        </button>
      </div>
    </form>`}#i(){let e=this.leaving;return s`<dialog class="dialog" aria-labelledby="passkey-leave" @close=${()=>this.leaving=void 0}>
      <h2 id="passkey-leave">${e?a(`passkeys.leave`,{name:e.name}):``}</h2>
      <p>${a(`passkeys.leave.text`)}</p>
      <div class="row-actions">
        <button type="button" class="btn btn-danger" @click=${this.#s}>${a(`passkeys.remove`)}</button>
        <button type="button" class="btn btn-secondary" @click=${()=>this.querySelector(`dialog`)?.close()}>${a(`el.cancel`)}</button>
      </div>
    </dialog>`}#a(e){this.leaving=e;let t=this.querySelector(`dialog`);this.updateComplete.then(()=>{t&&c(t)})}#o=async e=>{e.preventDefault();let t=this.querySelector(`#passkey-name`),n=t?.value.trim()??``;if(this.wrong=n?``:a(`passkeys.name.empty`),!n)return this.focusOn(`#passkey-name`);await this.#c(async()=>(await f(this.world,n),t&&(t.value=``),a(`passkeys.added`,{name:n})))};#s=async()=>{let e=this.leaving;this.querySelector(`dialog`)?.close(),e&&await this.#c(async()=>(await this.world.api.remove(`/passkeys/${encodeURIComponent(e.id)}`),a(`passkeys.removed`,{name:e.name})))};async#c(e){if(!this.busy){this.busy=!0,this.done=``,this.problem=void 0;try{let t=await e();await this.#e(),this.done=t,n(t)}catch(e){this.problem=d(e),await this.focusOn(`.notice-danger`)}finally{this.busy=!1}}}};t(`ingam-passkeys`,m);