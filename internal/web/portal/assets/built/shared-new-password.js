import{_ as e,c as t,h as n,m as r,p as i,y as a}from"./shared-api.js";import{t as o}from"./shared-notice.js";var s=[`length`,`letter`,`digit`,`special`,`charset`],c={short:`length`,letter:`letter`,digit:`digit`,special:`special`,forbidden:`charset`,charset:`charset`};function l(e,t){let n=new Set(t.map(e=>c[e]));return s.map(t=>e?n.has(t)?{rule:t,mark:t===`charset`?`broken`:`open`}:{rule:t,mark:`ok`}:{rule:t,mark:`open`})}var u=class extends i{static{this.properties={rules:{attribute:!1},label:{},field:{},typed:{state:!0},shown:{state:!0},capsLock:{state:!0},complaint:{state:!0}}}#e=!1;constructor(){super(),this.rules=()=>[],this.label=``,this.field=`new-password`,this.typed={first:``,second:``},this.shown=!1,this.capsLock=!1}async check(){let{first:e,second:n}=this.typed;return!e||this.rules(e).length?this.#t(`first`,t(e?`el.password.short`:`el.password.empty`)):n?e===n?(this.complaint=void 0,e):this.#t(`second`,t(`el.password.differ`)):this.#t(`second`,t(`el.password.again.empty`))}clear(){this.typed={first:``,second:``},this.shown=!1;for(let e of this.querySelectorAll(`input`))e.value=``}async#t(e,t){this.complaint={field:e,text:t},await this.focusOn(`#${this.#n(e)}`)}#n(e){return e===`first`?this.field:this.field+`-again`}render(){return a`
      ${this.#r(`first`,this.label||t(`el.password.new`),`${this.field}-rules`)} ${this.#a()}
      ${this.#r(`second`,t(`el.password.again`),``)}
      ${this.capsLock?a`<p class="hint" role="status">${t(`el.password.capslock`)}</p>`:e}
      <label class="check">
        <input type="checkbox" .checked=${this.shown} @change=${e=>this.shown=e.target.checked} />
        <span>${t(`el.password.show`)}</span>
      </label>`}#r(t,n,r){let i=this.#n(t),s=this.complaint?.field===t?this.complaint.text:``;return a`<div class="field">
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
        aria-describedby=${[r,s&&`${i}-error`].filter(Boolean).join(` `)||e}
        @input=${e=>this.#i(t,e.target.value)}
        @keyup=${e=>this.capsLock=e.getModifierState?.(`CapsLock`)??!1}
      />
      ${s?o(`${i}-error`,s):e}
    </div>`}#i(e,n){this.typed={...this.typed,[e]:n},this.complaint?.field===e&&(this.complaint=void 0);let i=!!this.typed.first&&this.rules(this.typed.first).length===0;i&&!this.#e&&r(t(`el.password.met`)),this.#e=i}#a(){let{first:e}=this.typed;return a`<ul class="rules" id="${this.field}-rules">
      ${l(e,e?this.rules(e):[]).map(({rule:e,mark:t})=>a`<li class=${t} data-rule=${e}><span class="visually-hidden">${d(t)}</span> ${f(e)}</li>`)}
    </ul>`}};function d(e){return t(e===`ok`?`el.rule.ok`:e===`broken`?`el.rule.broken`:`el.rule.open`)}function f(e){switch(e){case`length`:return t(`el.rule.length`);case`letter`:return t(`el.rule.letter`);case`digit`:return t(`el.rule.digit`);case`special`:return t(`el.rule.special`);case`charset`:return t(`el.rule.charset`)}}n(`ingam-new-password`,u);