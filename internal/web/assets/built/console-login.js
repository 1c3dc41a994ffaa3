import{A as e,D as t,T as n,b as r,c as i,g as a,h as o,j as s,o as c}from"./shared-base.js";import{a as l,n as u,r as d,t as f}from"./shared-words.js";import{t as p}from"./shared-login.js";var m={...l,api:o(a(`/console/login`),`/console`)},h=class extends p{constructor(){super(),this.world=m,this.next=`/console`,this.at=`/login/passkey`,this.main=!0}},g=class extends n{static{this.properties={next:{},world:{attribute:!1},busy:{state:!0},problem:{state:!0},wrong:{state:!0}}}constructor(){super(),this.next=`/console/account?added`,this.world=m,this.busy=!1,this.wrong=``}render(){let t=this.world.hindrance;if(this.dataset.state=t?`blocked`:this.busy?`busy`:this.problem?`failed`:`idle`,t)return f(t);let n=this.problem;return s`${n?i(`danger`,n.title,n.detail,{code:n.code}):e}
      <form novalidate class="stack" @submit=${this.#e}>
        <div class="field">
          <label for="passkey-name">${r(`c.passkey.name`)}</label>
          <input id="passkey-name" type="text" maxlength="40" autocomplete="off" aria-invalid=${this.wrong?`true`:`false`}
            aria-describedby=${this.wrong?`passkey-name-hint passkey-name-error`:`passkey-name-hint`} />
          <p class="hint" id="passkey-name-hint">${r(`c.passkey.name.hint`)}</p>
          ${this.wrong?c(`passkey-name-error`,this.wrong):e}
        </div>
        <div class="row-actions"><button class="btn btn-primary" type="submit" aria-busy=${this.busy?`true`:`false`}
          aria-disabled=${this.busy?`true`:`false`}>${this.busy?r(`el.passkey.asking`):r(`c.passkey.add`)}</button></div>
      </form>`}#e=async e=>{e.preventDefault();let t=this.querySelector(`#passkey-name`)?.value.trim()??``;if(this.wrong=t?``:r(`c.passkey.name.empty`),!t)return this.focusOn(`#passkey-name`);if(!this.busy){this.busy=!0,this.problem=void 0;try{await d(this.world,t,`/account/passkeys`),this.world.go(this.next)}catch(e){this.problem=u(e),await this.focusOn(`.notice-danger`)}finally{this.busy=!1}}}};t(`ingam-staff-login`,h),t(`ingam-staff-passkey`,g);