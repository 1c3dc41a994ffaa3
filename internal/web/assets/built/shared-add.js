import{C as e,O as t,T as n,c as r,i,k as a,o,r as s,v as c,w as l}from"./shared-base.js";import{d as u,l as d,o as f,r as p,s as m,t as h,u as g}from"./shared-open.js";import{find as _}from"./ingam-wallet.js";var v=[`length`,`letter`,`digit`,`special`,`charset`],y={short:`length`,letter:`letter`,digit:`digit`,special:`special`,forbidden:`charset`,charset:`charset`};function b(e,t){let n=new Set(t.map(e=>y[e]));return v.map(t=>e?n.has(t)?{rule:t,mark:t===`charset`?`broken`:`open`}:{rule:t,mark:`ok`}:{rule:t,mark:`open`})}var x=class extends e{static{this.properties={rules:{attribute:!1},label:{},field:{},typed:{state:!0},shown:{state:!0},capsLock:{state:!0},complaint:{state:!0}}}#e=!1;constructor(){super(),this.rules=()=>[],this.label=``,this.field=`new-password`,this.typed={first:``,second:``},this.shown=!1,this.capsLock=!1}async check(){let{first:e,second:t}=this.typed;return!e||this.rules(e).length?this.#t(`first`,c(e?`el.password.short`:`el.password.empty`)):t?e===t?(this.complaint=void 0,e):this.#t(`second`,c(`el.password.differ`)):this.#t(`second`,c(`el.password.again.empty`))}clear(){this.typed={first:``,second:``},this.shown=!1;for(let e of this.querySelectorAll(`input`))e.value=``}async#t(e,t){this.complaint={field:e,text:t},await this.focusOn(`#${this.#n(e)}`)}#n(e){return e===`first`?this.field:this.field+`-again`}render(){return a`
      ${this.#r(`first`,this.label||c(`el.password.new`),`${this.field}-rules`)} ${this.#a()}
      ${this.#r(`second`,c(`el.password.again`),``)}
      ${this.capsLock?a`<p class="hint" role="status">${c(`el.password.capslock`)}</p>`:t}
      <label class="check">
        <input type="checkbox" .checked=${this.shown} @change=${e=>this.shown=e.target.checked} />
        <span>${c(`el.password.show`)}</span>
      </label>`}#r(e,n,r){let i=this.#n(e),s=this.complaint?.field===e?this.complaint.text:``;return a`<div class="field">
      <label for=${i}>${n}</label>
      <input
        id=${i}
        type=${this.shown?`text`:`password`}
        autocomplete="new-password"
        autocapitalize="none"
        autocorrect="off"
        spellcheck="false"
        maxlength="128"
        aria-invalid=${s?`true`:`false`}
        aria-describedby=${[r,s&&`${i}-error`].filter(Boolean).join(` `)||t}
        @input=${t=>this.#i(e,t.target.value)}
        @keyup=${e=>this.capsLock=e.getModifierState?.(`CapsLock`)??!1}
      />
      ${s?o(`${i}-error`,s):t}
    </div>`}#i(e,t){this.typed={...this.typed,[e]:t},this.complaint?.field===e&&(this.complaint=void 0);let n=!!this.typed.first&&this.rules(this.typed.first).length===0;n&&!this.#e&&l(c(`el.password.met`)),this.#e=n}#a(){let{first:e}=this.typed;return a`<ul class="rules" id="${this.field}-rules">
      ${b(e,e?this.rules(e):[]).map(({rule:e,mark:t})=>a`<li class=${t} data-rule=${e}><span class="visually-hidden">${S(t)}</span> ${C(e)}</li>`)}
    </ul>`}};function S(e){return c(e===`ok`?`el.rule.ok`:e===`broken`?`el.rule.broken`:`el.rule.open`)}function C(e){switch(e){case`length`:return c(`el.rule.length`);case`letter`:return c(`el.rule.letter`);case`digit`:return c(`el.rule.digit`);case`special`:return c(`el.rule.special`);case`charset`:return c(`el.rule.charset`)}}n(`ingam-new-password`,x);var w=[`name`,`password`,`export`,`delete`];function T(e){let[t,n,r]=e.replace(/^#\/?/,``).split(`/`);if(t===`add`)return{at:`add`};if(t===`u`&&n)return{at:`discard`,application:n};if(t!==`c`||!n)return{at:`list`};let i=w.find(e=>e===r);return i?{at:i,id:n}:{at:`show`,id:n}}function E(e,t){return t===`codes`?`/redeem`:`/apply/`+encodeURIComponent(e)}var D;function O(e,t){D=t,location.hash===e?dispatchEvent(new HashChangeEvent(`hashchange`)):location.hash=e}function k(){let e=D;return D=void 0,e}var A=class extends g{constructor(...e){super(...e),this.within=!1,this.chosen=0,this.over=!1,this.again=()=>{this.found=void 0,this.failure=void 0,this.focusOn(`h2`)}}render(){return a`
      ${this.within?t:a`<p><a href="#/">${c(`wallet.to-list`)}</a></p>`}
      <h2>${c(`wallet.add.title`)}</h2>
      ${this.refused()}
      ${this.found?.length?this.choose(this.found):this.pick()}`}pick(){let e=`webkitdirectory`in HTMLInputElement.prototype;return a`
      ${this.found&&!this.failure?r(`warning`,c(`wallet.add.none`),c(`wallet.add.none.do`)):t}
      <p>${c(`wallet.add.lead`)}</p>
      <div class="drop" ?data-over=${this.over} @dragover=${this.dragged} @dragleave=${()=>{this.over=!1}} @drop=${this.dropped}>
        <p>${c(`wallet.add.drop`)}</p>
        <div class="row-actions">
          <button class="btn btn-primary" type="button" @click=${()=>this.browse(`#files`)}>${c(`wallet.add.files`)}</button>
          <input hidden type="file" id="files" multiple accept=".der,.key,.cer,.crt,.pem,.zip,.pfx,.p12" @change=${this.picked}>
          ${e?a`<button class="btn btn-secondary" type="button" @click=${()=>this.browse(`#folder`)}>${c(`wallet.add.folder`)}</button>
              <input hidden type="file" id="folder" webkitdirectory @change=${this.picked}>`:t}
        </div>
        ${this.busy?a`<p class="hint" role="status">${c(`wallet.add.looking`)}</p>`:t}
      </div>
      <details class="more">
        <summary>${c(`wallet.add.where`)}</summary>
        <dl class="facts">
          <div><dt>Windows</dt><dd>C:\\Users\\${c(`wallet.add.user`)}\\AppData\\LocalLow\\NPKI</dd></div>
          <div><dt>macOS</dt><dd>~/Library/Preferences/NPKI</dd></div>
          <div><dt>Linux</dt><dd>~/NPKI</dd></div>
          <div><dt>USB</dt><dd>E:\\NPKI</dd></div>
        </dl>
      </details>
      <p class="hint">${c(`wallet.add.stays`)}</p>`}choose(e){let n=e[this.chosen];return a`<form class="stack" @submit=${this.submitted}>
      <fieldset class="choices">
        <legend>${c(`wallet.add.found`,{n:e.length})}</legend>
        ${e.map((e,t)=>a`<label class="choice">
          <input type="radio" name="found" value=${t} .checked=${t===this.chosen} @change=${()=>{this.chosen=t,this.failure=void 0}}>
          <span>${j(e)}</span>
        </label>`)}
      </fieldset>
      ${this.passwordField(n?.kind===`pfx`?c(`wallet.add.pfx-password`):void 0,c(`wallet.add.password-hint`))}
      ${n?.kind===`npki`?a`<label class="check"><input type="checkbox" name="modernise" checked>
        <span>${c(`wallet.add.modernise`)}<br><span class="hint">${c(`wallet.add.modernise.hint`)}</span></span></label>`:t}
      <div class="actions">
        <button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.again}>${c(`wallet.add.again`)}</button>
        ${this.submit(c(`wallet.add.do`),c(`wallet.adding`))}
      </div>
    </form>`}browse(e){this.querySelector(e)?.click()}dragged(e){e.preventDefault(),this.over=!0}dropped(e){e.preventDefault(),this.over=!1,e.dataTransfer&&this.look(_(e.dataTransfer))}picked(e){let t=e.target;t.files?.length&&this.look(_([...t.files])),t.value=``}look(e){this.found=void 0,this.act(c(`wallet.add.looking`),async()=>{this.found=await e,this.chosen=0,await this.focusOn(this.found.length?`input[name="found"]`:`.notice`)})}submitted(e){e.preventDefault();let t=this.found?.[this.chosen];if(!t)return;let n=this.take(),r=this.querySelector(`input[name="modernise"]`)?.checked??!1;this.act(c(`wallet.adding`),async()=>{let e=await h(),i=t.kind===`pfx`?(await e.addPfx(t.file,n))[0]:await e.add(t.item,n,{modernise:r});this.within?(this.found=void 0,this.dispatchEvent(new CustomEvent(`ingam-added`))):O(i?`#/c/${i.id}`:`#/`,`added`)})}};u([i({type:Boolean})],A.prototype,`within`,void 0),u([s()],A.prototype,`found`,void 0),u([s()],A.prototype,`chosen`,void 0),u([s()],A.prototype,`over`,void 0);function j(e){if(e.kind===`pfx`)return a`<span class="choice-title">${e.path}</span><span class="choice-text">${c(`wallet.add.pfx`)}</span>`;let{certificate:t,item:n}=e;return a`<span class="choice-title">${m(t)} ${p(e)}</span>
    <span class="choice-text">${f(t)} · ${n.ca??``} · ${d(e)}</span>`}n(`ingam-wallet-add`,A);export{T as i,O as n,k as r,E as t};