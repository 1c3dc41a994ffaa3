import{A as e,D as t,E as n,T as r,b as i,c as a,j as o,n as s,o as c,r as l}from"./shared-base.js";import{d as u,l as d,o as f,r as p,s as m,t as h,u as g}from"./shared-open.js";import{find as _}from"./ingam-wallet.js";var v=[`length`,`letter`,`digit`,`special`,`charset`],y={short:`length`,letter:`letter`,digit:`digit`,special:`special`,forbidden:`charset`,charset:`charset`};function b(e,t){let n=new Set(t.map(e=>y[e]));return v.map(t=>e?n.has(t)?{rule:t,mark:t===`charset`?`broken`:`open`}:{rule:t,mark:`ok`}:{rule:t,mark:`open`})}var x=class extends r{static{this.properties={rules:{attribute:!1},label:{},field:{},typed:{state:!0},shown:{state:!0},capsLock:{state:!0},complaint:{state:!0}}}#e=!1;constructor(){super(),this.rules=()=>[],this.label=``,this.field=`new-password`,this.typed={first:``,second:``},this.shown=!1,this.capsLock=!1}async check(){let{first:e,second:t}=this.typed;return!e||this.rules(e).length?this.#t(`first`,i(e?`el.password.short`:`el.password.empty`)):t?e===t?(this.complaint=void 0,e):this.#t(`second`,i(`el.password.differ`)):this.#t(`second`,i(`el.password.again.empty`))}clear(){this.typed={first:``,second:``},this.shown=!1;for(let e of this.querySelectorAll(`input`))e.value=``}async#t(e,t){this.complaint={field:e,text:t},await this.focusOn(`#${this.#n(e)}`)}#n(e){return e===`first`?this.field:this.field+`-again`}render(){return o`
      ${this.#r(`first`,this.label||i(`el.password.new`),`${this.field}-rules`)} ${this.#a()}
      ${this.#r(`second`,i(`el.password.again`),``)}
      ${this.capsLock?o`<p class="hint" role="status">${i(`el.password.capslock`)}</p>`:e}
      <label class="check">
        <input type="checkbox" .checked=${this.shown} @change=${e=>this.shown=e.target.checked} />
        <span>${i(`el.password.show`)}</span>
      </label>`}#r(t,n,r){let i=this.#n(t),a=this.complaint?.field===t?this.complaint.text:``;return o`<div class="field">
      <label for=${i}>${n}</label>
      <input
        id=${i}
        type=${this.shown?`text`:`password`}
        autocomplete="new-password"
        autocapitalize="none"
        autocorrect="off"
        spellcheck="false"
        maxlength="128"
        aria-invalid=${a?`true`:`false`}
        aria-describedby=${[r,a&&`${i}-error`].filter(Boolean).join(` `)||e}
        @input=${e=>this.#i(t,e.target.value)}
        @keyup=${e=>this.capsLock=e.getModifierState?.(`CapsLock`)??!1}
      />
      ${a?c(`${i}-error`,a):e}
    </div>`}#i(e,t){this.typed={...this.typed,[e]:t},this.complaint?.field===e&&(this.complaint=void 0);let r=!!this.typed.first&&this.rules(this.typed.first).length===0;r&&!this.#e&&n(i(`el.password.met`)),this.#e=r}#a(){let{first:e}=this.typed;return o`<ul class="rules" id="${this.field}-rules">
      ${b(e,e?this.rules(e):[]).map(({rule:e,mark:t})=>o`<li class=${t} data-rule=${e}><span class="visually-hidden">${S(t)}</span> ${C(e)}</li>`)}
    </ul>`}};function S(e){return i(e===`ok`?`el.rule.ok`:e===`broken`?`el.rule.broken`:`el.rule.open`)}function C(e){switch(e){case`length`:return i(`el.rule.length`);case`letter`:return i(`el.rule.letter`);case`digit`:return i(`el.rule.digit`);case`special`:return i(`el.rule.special`);case`charset`:return i(`el.rule.charset`)}}t(`ingam-new-password`,x);var w=[`name`,`password`,`export`,`delete`];function T(e){let[t,n,r]=e.replace(/^#\/?/,``).split(`/`);if(t===`add`)return{at:`add`};if(t===`u`&&n)return{at:`discard`,application:n};if(t!==`c`||!n)return{at:`list`};let i=w.find(e=>e===r);return i?{at:i,id:n}:{at:`show`,id:n}}function E(e,t){return t===`codes`?`/redeem`:`/apply/`+encodeURIComponent(e)}var D;function O(e,t){D=t,location.hash===e?dispatchEvent(new HashChangeEvent(`hashchange`)):location.hash=e}function k(){let e=D;return D=void 0,e}var A=class extends g{constructor(...e){super(...e),this.within=!1,this.chosen=0,this.over=!1,this.again=()=>{this.found=void 0,this.failure=void 0,this.focusOn(`h2`)}}render(){return o`
      ${this.within?e:o`<p><a href="#/">${i(`wallet.to-list`)}</a></p>`}
      <h2>${i(`wallet.add.title`)}</h2>
      ${this.refused()}
      ${this.found?.length?this.choose(this.found):this.pick()}`}pick(){let t=`webkitdirectory`in HTMLInputElement.prototype;return o`
      ${this.found&&!this.failure?a(`warning`,i(`wallet.add.none`),i(`wallet.add.none.do`)):e}
      <p>${i(`wallet.add.lead`)}</p>
      <div class="drop" ?data-over=${this.over} @dragover=${this.dragged} @dragleave=${()=>{this.over=!1}} @drop=${this.dropped}>
        <p>${i(`wallet.add.drop`)}</p>
        <div class="row-actions">
          <button class="btn btn-primary" type="button" @click=${()=>this.browse(`#files`)}>${i(`wallet.add.files`)}</button>
          <input hidden type="file" id="files" multiple accept=".der,.key,.cer,.crt,.pem,.zip,.pfx,.p12" @change=${this.picked}>
          ${t?o`<button class="btn btn-secondary" type="button" @click=${()=>this.browse(`#folder`)}>${i(`wallet.add.folder`)}</button>
              <input hidden type="file" id="folder" webkitdirectory @change=${this.picked}>`:e}
        </div>
        ${this.busy?o`<p class="hint" role="status">${i(`wallet.add.looking`)}</p>`:e}
      </div>
      <details class="more">
        <summary>${i(`wallet.add.where`)}</summary>
        <dl class="facts">
          <div><dt>Windows</dt><dd>C:\\Users\\${i(`wallet.add.user`)}\\AppData\\LocalLow\\NPKI</dd></div>
          <div><dt>macOS</dt><dd>~/Library/Preferences/NPKI</dd></div>
          <div><dt>Linux</dt><dd>~/NPKI</dd></div>
          <div><dt>USB</dt><dd>E:\\NPKI</dd></div>
        </dl>
      </details>
      <p class="hint">${i(`wallet.add.stays`)}</p>`}choose(t){let n=t[this.chosen];return o`<form class="stack" @submit=${this.submitted}>
      <fieldset class="choices">
        <legend>${i(`wallet.add.found`,{n:t.length})}</legend>
        ${t.map((e,t)=>o`<label class="choice">
          <input type="radio" name="found" value=${t} .checked=${t===this.chosen} @change=${()=>{this.chosen=t,this.failure=void 0}}>
          <span>${j(e)}</span>
        </label>`)}
      </fieldset>
      ${this.passwordField(n?.kind===`pfx`?i(`wallet.add.pfx-password`):void 0,i(`wallet.add.password-hint`))}
      ${n?.kind===`npki`?o`<label class="check"><input type="checkbox" name="modernise" checked>
        <span>${i(`wallet.add.modernise`)}<br><span class="hint">${i(`wallet.add.modernise.hint`)}</span></span></label>`:e}
      <div class="actions">
        <button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.again}>${i(`wallet.add.again`)}</button>
        ${this.submit(i(`wallet.add.do`),i(`wallet.adding`))}
      </div>
    </form>`}browse(e){this.querySelector(e)?.click()}dragged(e){e.preventDefault(),this.over=!0}dropped(e){e.preventDefault(),this.over=!1,e.dataTransfer&&this.look(_(e.dataTransfer))}picked(e){let t=e.target;t.files?.length&&this.look(_([...t.files])),t.value=``}look(e){this.found=void 0,this.act(i(`wallet.add.looking`),async()=>{this.found=await e,this.chosen=0,await this.focusOn(this.found.length?`input[name="found"]`:`.notice`)})}submitted(e){e.preventDefault();let t=this.found?.[this.chosen];if(!t)return;let n=this.take(),r=this.querySelector(`input[name="modernise"]`)?.checked??!1;this.act(i(`wallet.adding`),async()=>{let e=await h(),i=t.kind===`pfx`?(await e.addPfx(t.file,n))[0]:await e.add(t.item,n,{modernise:r});this.within?(this.found=void 0,this.dispatchEvent(new CustomEvent(`ingam-added`))):O(i?`#/c/${i.id}`:`#/`,`added`)})}};u([l({type:Boolean})],A.prototype,`within`,void 0),u([s()],A.prototype,`found`,void 0),u([s()],A.prototype,`chosen`,void 0),u([s()],A.prototype,`over`,void 0);function j(e){if(e.kind===`pfx`)return o`<span class="choice-title">${e.path}</span><span class="choice-text">${i(`wallet.add.pfx`)}</span>`;let{certificate:t,item:n}=e;return o`<span class="choice-title">${m(t)} ${p(e)}</span>
    <span class="choice-text">${f(t)} · ${n.ca??``} · ${d(e)}</span>`}t(`ingam-wallet-add`,A);export{T as i,O as n,k as r,E as t};