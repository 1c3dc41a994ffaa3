import{C as e,D as t,E as n,S as r,_ as i,o as a,w as o}from"./shared-base.js";var s=`/sw.js`,c=!1;async function l(){if(!c&&`serviceWorker`in navigator&&isSecureContext){c=!0;try{await navigator.serviceWorker.register(u(),{scope:`/`,updateViaCache:`none`})}catch{}}}function u(){let e=globalThis.trustedTypes;return e?e.createPolicy(`ingam`,{createScriptURL(e){if(e!==s)throw TypeError(`not the script`);return e}}).createScriptURL(s):s}var d=[`length`,`letter`,`digit`,`special`,`charset`],f={short:`length`,letter:`letter`,digit:`digit`,special:`special`,forbidden:`charset`,charset:`charset`};function p(e,t){let n=new Set(t.map(e=>f[e]));return d.map(t=>e?n.has(t)?{rule:t,mark:t===`charset`?`broken`:`open`}:{rule:t,mark:`ok`}:{rule:t,mark:`open`})}var m=class extends r{static{this.properties={rules:{attribute:!1},label:{},field:{},typed:{state:!0},shown:{state:!0},capsLock:{state:!0},complaint:{state:!0}}}#e=!1;constructor(){super(),this.rules=()=>[],this.label=``,this.field=`new-password`,this.typed={first:``,second:``},this.shown=!1,this.capsLock=!1}async check(){let{first:e,second:t}=this.typed;return!e||this.rules(e).length?this.#t(`first`,i(e?`el.password.short`:`el.password.empty`)):t?e===t?(this.complaint=void 0,e):this.#t(`second`,i(`el.password.differ`)):this.#t(`second`,i(`el.password.again.empty`))}clear(){this.typed={first:``,second:``},this.shown=!1;for(let e of this.querySelectorAll(`input`))e.value=``}async#t(e,t){this.complaint={field:e,text:t},await this.focusOn(`#${this.#n(e)}`)}#n(e){return e===`first`?this.field:this.field+`-again`}render(){return t`
      ${this.#r(`first`,this.label||i(`el.password.new`),`${this.field}-rules`)} ${this.#a()}
      ${this.#r(`second`,i(`el.password.again`),``)}
      ${this.capsLock?t`<p class="hint" role="status">${i(`el.password.capslock`)}</p>`:n}
      <label class="check">
        <input type="checkbox" .checked=${this.shown} @change=${e=>this.shown=e.target.checked} />
        <span>${i(`el.password.show`)}</span>
      </label>`}#r(e,r,i){let o=this.#n(e),s=this.complaint?.field===e?this.complaint.text:``;return t`<div class="field">
      <label for=${o}>${r}</label>
      <input
        id=${o}
        type=${this.shown?`text`:`password`}
        autocomplete="new-password"
        autocapitalize="none"
        autocorrect="off"
        spellcheck="false"
        maxlength="128"
        aria-invalid=${s?`true`:`false`}
        aria-describedby=${[i,s&&`${o}-error`].filter(Boolean).join(` `)||n}
        @input=${t=>this.#i(e,t.target.value)}
        @keyup=${e=>this.capsLock=e.getModifierState?.(`CapsLock`)??!1}
      />
      ${s?a(`${o}-error`,s):n}
    </div>`}#i(t,n){this.typed={...this.typed,[t]:n},this.complaint?.field===t&&(this.complaint=void 0);let r=!!this.typed.first&&this.rules(this.typed.first).length===0;r&&!this.#e&&e(i(`el.password.met`)),this.#e=r}#a(){let{first:e}=this.typed;return t`<ul class="rules" id="${this.field}-rules">
      ${p(e,e?this.rules(e):[]).map(({rule:e,mark:n})=>t`<li class=${n} data-rule=${e}><span class="visually-hidden">${h(n)}</span> ${g(e)}</li>`)}
    </ul>`}};function h(e){return i(e===`ok`?`el.rule.ok`:e===`broken`?`el.rule.broken`:`el.rule.open`)}function g(e){switch(e){case`length`:return i(`el.rule.length`);case`letter`:return i(`el.rule.letter`);case`digit`:return i(`el.rule.digit`);case`special`:return i(`el.rule.special`);case`charset`:return i(`el.rule.charset`)}}o(`ingam-new-password`,m);export{l as t};