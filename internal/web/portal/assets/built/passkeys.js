import{_ as e,c as t,g as n,h as r,m as i,p as a,u as o,y as s}from"./shared-api.js";import{n as c,t as l}from"./shared-notice.js";import{a as u,n as d,r as f,t as p}from"./shared-words.js";var m=class extends a{static{this.properties={world:{attribute:!1},list:{state:!0},problem:{state:!0},done:{state:!0},busy:{state:!0},wrong:{state:!0},leaving:{state:!0}}}constructor(){super(),this.world=u,this.done=this.wrong=``,this.busy=!1}willUpdate(e){e.has(`world`)&&this.#e(),this.dataset.state=this.busy?`busy`:this.problem?`failed`:this.list?`ready`:`loading`}async#e(){this.problem=void 0;try{this.list=(await this.world.api.get(`/passkeys`)).passkeys}catch(e){this.problem=d(e)}}render(){let n=this.problem;return s`
      ${n?c(`danger`,n.title,n.detail,{code:n.code,actions:this.list?e:this.#t()}):e}
      ${this.done?c(`success`,this.done):e}
      ${this.list?this.#n(this.list):n?e:s`<p class="hint" role="status">${t(`passkeys.loading`)}</p>`}
      ${this.world.hindrance?p(this.world.hindrance):this.list?this.#r():e} ${this.#i()}`}#t(){return s`<button type="button" class="btn btn-secondary" @click=${()=>this.#e()}>${t(`el.again`)}</button>`}#n(e){return e.length?s`<ul class="list">
      ${e.map(e=>s`<li>
          <div class="row">
            <span class="row-body">
              <span class="row-title">${e.name}</span>
              <span class="row-text">${t(`passkeys.made`,{date:o(new Date(e.createdAt))})}</span>
              <span class="row-text">${e.usedAt?t(`passkeys.used`,{date:o(new Date(e.usedAt))}):t(`passkeys.unused`)}</span>
            </span>
            <button type="button" class="btn btn-quiet" aria-label=${t(`passkeys.remove.of`,{name:e.name})} @click=${()=>this.#a(e)}>
              ${t(`passkeys.remove`)}
            </button>
          </div>
        </li>`)}
    </ul>`:s`<div class="empty"><p><strong>${t(`passkeys.none`)}</strong></p><p>${t(`passkeys.none.text`)}</p></div>`}#r(){return s`<form novalidate class="card" @submit=${this.#o}>
      <div class="field">
        <label for="passkey-name">${t(`passkeys.name`)}</label>
        <input id="passkey-name" type="text" maxlength="60" autocomplete="off" aria-invalid=${this.wrong?`true`:`false`}
          aria-describedby=${this.wrong?`passkey-name-hint passkey-name-error`:`passkey-name-hint`} />
        <p class="hint" id="passkey-name-hint">${t(`passkeys.name.hint`)}</p>
        ${this.wrong?l(`passkey-name-error`,this.wrong):e}
      </div>
      <div class="row-actions">
        <button class="btn btn-primary" type="submit" aria-busy=${this.busy?`true`:`false`} aria-disabled=${this.busy?`true`:`false`}>
          ${this.busy?t(`el.passkey.asking`):t(`passkeys.add`)}
        </button>
      </div>
    </form>`}#i(){let e=this.leaving;return s`<dialog class="dialog" aria-labelledby="passkey-leave" @close=${()=>this.leaving=void 0}>
      <h2 id="passkey-leave">${e?t(`passkeys.leave`,{name:e.name}):``}</h2>
      <p>${t(`passkeys.leave.text`)}</p>
      <div class="row-actions">
        <button type="button" class="btn btn-danger" @click=${this.#s}>${t(`passkeys.remove`)}</button>
        <button type="button" class="btn btn-secondary" @click=${()=>this.querySelector(`dialog`)?.close()}>${t(`el.cancel`)}</button>
      </div>
    </dialog>`}#a(e){this.leaving=e;let t=this.querySelector(`dialog`);this.updateComplete.then(()=>{t&&n(t)})}#o=async e=>{e.preventDefault();let n=this.querySelector(`#passkey-name`),r=n?.value.trim()??``;if(this.wrong=r?``:t(`passkeys.name.empty`),!r)return this.focusOn(`#passkey-name`);await this.#c(async()=>(await f(this.world,r),n&&(n.value=``),t(`passkeys.added`,{name:r})))};#s=async()=>{let e=this.leaving;this.querySelector(`dialog`)?.close(),e&&await this.#c(async()=>(await this.world.api.remove(`/passkeys/${encodeURIComponent(e.id)}`),t(`passkeys.removed`,{name:e.name})))};async#c(e){if(!this.busy){this.busy=!0,this.done=``,this.problem=void 0;try{let t=await e();await this.#e(),this.done=t,i(t)}catch(e){this.problem=d(e),await this.focusOn(`.notice-danger`)}finally{this.busy=!1}}}};r(`ingam-passkeys`,m);