import{D as e,E as t,S as n,_ as r,c as i,i as a,l as o,r as s,t as c,v as l,w as u,x as d}from"./shared-base.js";import{a as f,c as p,i as m,l as h,o as g,r as _,s as v,t as y}from"./shared-open.js";import{t as b}from"./shared-download.js";import"./shared-new-password.js";import{find as x,passwordProblems as S}from"./ingam-wallet.js";var C=`/sw.js`,w=!1;async function T(){if(!w&&`serviceWorker`in navigator&&isSecureContext){w=!0;try{await navigator.serviceWorker.register(E(),{scope:`/`,updateViaCache:`none`})}catch{}}}function E(){let e=globalThis.trustedTypes;return e?e.createPolicy(`ingam`,{createScriptURL(e){if(e!==C)throw TypeError(`not the script`);return e}}).createScriptURL(C):C}var D=[`name`,`password`,`export`,`delete`];function O(e){let[t,n,r]=e.replace(/^#\/?/,``).split(`/`);if(t===`add`)return{at:`add`};if(t!==`c`||!n)return{at:`list`};let i=D.find(e=>e===r);return i?{at:i,id:n}:{at:`show`,id:n}}var k;function A(e,t){k=t,location.hash===e?dispatchEvent(new HashChangeEvent(`hashchange`)):location.hash=e}function j(){let e=k;return k=void 0,e}var M=class extends _{constructor(...e){super(...e),this.chosen=0,this.over=!1,this.again=()=>{this.found=void 0,this.failure=void 0,this.focusOn(`h2`)}}render(){return e`
      <p><a href="#/">${r(`wallet.to-list`)}</a></p>
      <h2>${r(`wallet.add.title`)}</h2>
      ${this.refused()}
      ${this.found?.length?this.choose(this.found):this.pick()}`}pick(){let n=`webkitdirectory`in HTMLInputElement.prototype;return e`
      ${this.found&&!this.failure?i(`warning`,r(`wallet.add.none`),r(`wallet.add.none.do`)):t}
      <p>${r(`wallet.add.lead`)}</p>
      <div class="drop" ?data-over=${this.over} @dragover=${this.dragged} @dragleave=${()=>{this.over=!1}} @drop=${this.dropped}>
        <p>${r(`wallet.add.drop`)}</p>
        <div class="row-actions">
          <button class="btn btn-primary" type="button" @click=${()=>this.browse(`#files`)}>${r(`wallet.add.files`)}</button>
          <input hidden type="file" id="files" multiple accept=".der,.key,.cer,.crt,.pem,.zip,.pfx,.p12" @change=${this.picked}>
          ${n?e`<button class="btn btn-secondary" type="button" @click=${()=>this.browse(`#folder`)}>${r(`wallet.add.folder`)}</button>
              <input hidden type="file" id="folder" webkitdirectory @change=${this.picked}>`:t}
        </div>
        ${this.busy?e`<p class="hint" role="status">${r(`wallet.add.looking`)}</p>`:t}
      </div>
      <details class="more">
        <summary>${r(`wallet.add.where`)}</summary>
        <dl class="facts">
          <div><dt>Windows</dt><dd>C:\\Users\\${r(`wallet.add.user`)}\\AppData\\LocalLow\\NPKI</dd></div>
          <div><dt>macOS</dt><dd>~/Library/Preferences/NPKI</dd></div>
          <div><dt>Linux</dt><dd>~/NPKI</dd></div>
          <div><dt>USB</dt><dd>E:\\NPKI</dd></div>
        </dl>
      </details>
      <p class="hint">${r(`wallet.add.stays`)}</p>`}choose(n){let i=n[this.chosen];return e`<form class="stack" @submit=${this.submitted}>
      <fieldset class="choices">
        <legend>${r(`wallet.add.found`,{n:n.length})}</legend>
        ${n.map((t,n)=>e`<label class="choice">
          <input type="radio" name="found" value=${n} .checked=${n===this.chosen} @change=${()=>{this.chosen=n,this.failure=void 0}}>
          <span>${N(t)}</span>
        </label>`)}
      </fieldset>
      ${this.passwordField(i?.kind===`pfx`?r(`wallet.add.pfx-password`):void 0,r(`wallet.add.password-hint`))}
      ${i?.kind===`npki`?e`<label class="check"><input type="checkbox" name="modernise" checked>
        <span>${r(`wallet.add.modernise`)}<br><span class="hint">${r(`wallet.add.modernise.hint`)}</span></span></label>`:t}
      <div class="actions">
        <button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.again}>${r(`wallet.add.again`)}</button>
        ${this.submit(r(`wallet.add.do`),r(`wallet.adding`))}
      </div>
    </form>`}browse(e){this.querySelector(e)?.click()}dragged(e){e.preventDefault(),this.over=!0}dropped(e){e.preventDefault(),this.over=!1,e.dataTransfer&&this.look(x(e.dataTransfer))}picked(e){let t=e.target;t.files?.length&&this.look(x([...t.files])),t.value=``}look(e){this.found=void 0,this.act(r(`wallet.add.looking`),async()=>{this.found=await e,this.chosen=0,await this.focusOn(this.found.length?`input[name="found"]`:`.notice`)})}submitted(e){e.preventDefault();let t=this.found?.[this.chosen];if(!t)return;let n=this.take(),i=this.querySelector(`input[name="modernise"]`)?.checked??!1;this.act(r(`wallet.adding`),async()=>{let e=await y(),r=t.kind===`pfx`?(await e.addPfx(t.file,n))[0]:await e.add(t.item,n,{modernise:i});A(r?`#/c/${r.id}`:`#/`,`added`)})}};m([s()],M.prototype,`found`,void 0),m([s()],M.prototype,`chosen`,void 0),m([s()],M.prototype,`over`,void 0);function N(t){if(t.kind===`pfx`)return e`<span class="choice-title">${t.path}</span><span class="choice-text">${r(`wallet.add.pfx`)}</span>`;let{certificate:n,item:i}=t;return e`<span class="choice-title">${n.owner||n.cn} ${f(n)}</span>
    <span class="choice-text">${v(n)} · ${i.ca??``} · ${h(n)}</span>`}u(`ingam-wallet-add`,M);var P=class extends _{constructor(...e){super(...e),this.form=`zip`}render(){return e`<form class="stack" @submit=${this.submitted}>
      <h2>${r(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?t:i(`warning`,r(`wallet.export.no-r`),r(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${r(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,r(`wallet.export.zip`),r(`wallet.export.zip.hint`))}
        ${this.choice(`pfx`,r(`wallet.export.pfx`),r(`wallet.export.pfx.hint`))}
        ${this.choice(`old-zip`,r(`wallet.export.old`),r(`wallet.export.old.hint`))}
        ${this.choice(`old-pfx`,r(`wallet.export.old-pfx`),r(`wallet.export.old-pfx.hint`))}
      </fieldset>
      ${this.form.startsWith(`old-`)?i(`warning`,r(`wallet.export.weak`),r(`wallet.export.weak.do`)):t}
      ${this.passwordField(void 0,r(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${r(`wallet.back`)}</a>
        ${this.submit(r(`wallet.export.do`),r(`wallet.exporting`))}
      </div>
    </form>`}choice(t,n,r){return e`<label class="choice">
      <input type="radio" name="form" value=${t} .checked=${this.form===t} @change=${()=>{this.form=t}}>
      <span><span class="choice-title">${n}</span><span class="choice-text">${r}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:n}=this,i=n.startsWith(`old-`),a=this.take();this.act(r(`wallet.exporting`),async()=>{let e=await y();n.endsWith(`pfx`)?b(await e.exportPfx(t.id,a,{compatible:i}),F(t,`pfx`),`application/x-pkcs12`):b(await e.exportZip(t.id,a,{compatible:i}),F(t,`zip`),`application/zip`),A(`#/c/${t.id}`,`exported`)})}};m([a({attribute:!1})],P.prototype,`entry`,void 0),m([s()],P.prototype,`form`,void 0);function F({certificate:e},t){return`${(e.owner||e.cn).replace(/[^\p{L}\p{N} .-]/gu,``).trim()||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}u(`ingam-wallet-export`,P);var I=class extends _{render(){return e`<form class="stack" @submit=${this.submitted}>
      <h2>${r(`wallet.name.title`)}</h2>
      ${this.refused()}
      <div class="field">
        <label for="name">${r(`wallet.name.label`)}</label>
        <input id="name" name="name" maxlength="100" autocomplete="off" required .value=${this.entry.name} aria-describedby="name-hint">
        <p class="hint" id="name-hint">${r(`wallet.name.only-here`)}</p>
      </div>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${r(`wallet.back`)}</a>
        ${this.submit(r(`wallet.save`),r(`wallet.saving`))}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(r(`wallet.saving`),async()=>{await(await y()).rename(this.entry.id,this.take(`name`)),A(`#/c/${this.entry.id}`,`named`)})}};m([a({attribute:!1})],I.prototype,`entry`,void 0),u(`ingam-wallet-name`,I);var L=class extends _{render(){return e`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${r(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(r(`wallet.password.old`))}
      <ingam-new-password .rules=${S}></ingam-new-password>
      <p class="hint">${r(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${r(`wallet.back`)}</a>
        ${this.submit(r(`wallet.password.do`),r(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),n=await t?.check();n&&await this.act(r(`wallet.password.doing`),async()=>{await(await y()).changePassword(this.entry.id,this.take(),n),t?.clear(),A(`#/c/${this.entry.id}`,`password`)})}};m([a({attribute:!1})],L.prototype,`entry`,void 0),u(`ingam-wallet-password`,L);var R=class extends _{render(){let{entry:t}=this;return e`<form class="stack" @submit=${this.submitted}>
      <h2>${r(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${g(t)}
      <p>${r(`wallet.delete.lost`)}</p>
      <ul>
        <li>${r(`wallet.delete.lost.key`)}</li>
        ${p(t.certificate)===`expired`?``:e`<li>${r(`wallet.delete.lost.use`)}</li>`}
        <li>${r(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${t.id}/export">${r(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${r(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${t.id}">${r(`wallet.back`)}</a>
        ${this.submit(r(`wallet.delete.do`),r(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(r(`wallet.deleting`),async()=>{await(await y()).remove(this.entry.id),A(`#/`,`deleted`)})}};m([a({attribute:!1})],R.prototype,`entry`,void 0),u(`ingam-wallet-delete`,R);function z(t){return e`
    <p><a href="#/">${r(`wallet.to-list`)}</a></p>
    <h2>${t.name}</h2>
    ${B(t)}
    ${g(t)}
    ${V(t)}
    ${H(t)}`}function B(n){if(n.temporary)return i(`info`,r(`wallet.temporary`),r(`wallet.temporary.do`),{actions:e`<p><button class="btn btn-secondary" type="button" @click=${async()=>{await(await y()).keep(n.id),A(`#/c/${n.id}`,`kept`)}}>${r(`wallet.keep`)}</button></p>`});switch(p(n.certificate)){case`expired`:return i(`warning`,r(`wallet.expired`),r(`wallet.expired.do`));case`expiring`:return i(`warning`,r(`wallet.expiring`),r(`wallet.expiring.do`))}return n.lockedUntil?i(`warning`,r(`el.w.locked`),r(`el.w.locked.do`,{until:l(n.lockedUntil)})):n.encryption.weak?i(`info`,r(`wallet.weak`),r(`wallet.weak.do`)):t}function V({id:n,certificate:i}){let a=(t,n,r)=>e`<li><a class="row" href=${t}><span class="row-body"><span class="row-title">${n}</span><span class="row-text">${r}</span></span></a></li>`;return e`<ul class="list">
    ${p(i)===`expired`?t:a(`/sign#${n}`,r(`wallet.sign`),r(`wallet.sign.hint`))}
    ${a(`#/c/${n}/export`,r(`wallet.export`),r(`wallet.export.hint`))}
    ${a(`#/c/${n}/password`,r(`wallet.password`),r(`wallet.password.hint`))}
    ${a(`#/c/${n}/name`,r(`wallet.name`),r(`wallet.name.hint`))}
    ${a(`#/c/${n}/delete`,r(`wallet.delete`),r(`wallet.delete.hint`))}
  </ul>`}function H(t){let n=t.certificate,i=(t,n)=>e`<div><dt>${t}</dt><dd>${n}</dd></div>`;return e`<details class="more">
    <summary>${r(`wallet.facts`)}</summary>
    <dl class="facts">
      ${i(r(`wallet.fact.owner`),n.owner||n.cn)}
      ${i(r(`wallet.fact.name`),n.subject)}
      ${i(r(`wallet.fact.issuer`),n.issuer)}
      ${i(r(`wallet.fact.from`),d(n.notBefore))}
      ${i(r(`wallet.fact.to`),d(n.notAfter))}
      ${i(r(`wallet.fact.serial`),e`<span class="fingerprint">${n.serial}</span>`)}
      ${i(r(`wallet.fact.fingerprint`),c(U(t),`…`))}
      ${i(r(`wallet.fact.added`),t.source===`issued`?r(`wallet.fact.issued-here`,{time:d(t.addedAt)}):r(`wallet.fact.imported`,{time:d(t.addedAt)}))}
      ${i(r(`wallet.fact.sealed`),r(`wallet.fact.sealed.how`,{scheme:W(t),rounds:t.encryption.iterations.toLocaleString(`en`)}))}
      ${i(r(`wallet.fact.r`),t.hasR?r(`wallet.fact.r.yes`):r(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${r(`wallet.offline-state`)}</p>
  </details>`}async function U({certificate:t}){let n=await t.fingerprint();return e`<ingam-copy label=${r(`wallet.fact.fingerprint`)}><span class="fingerprint">${n.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function W({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var G=class extends n{constructor(...e){super(...e),this.view=O(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=O(location.hash),this.done=j(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await y(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read()),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){this.entries=await this.wallet.list()}render(){return this.failure?o(this.failure,e`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${r(`wallet.again`)}</button></p>`):this.entries?e`${this.said()}${this.body(this.entries)}`:e`<p class="hint" role="status">${r(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return i(`success`,r(`wallet.done.added`),r(`wallet.done.added.do`));case`named`:return i(`success`,r(`wallet.done.named`));case`password`:return i(`success`,r(`wallet.done.password`),r(`wallet.done.password.do`));case`deleted`:return i(`success`,r(`wallet.done.deleted`));case`exported`:return i(`success`,r(`wallet.done.exported`),r(`wallet.done.exported.do`));case`kept`:return i(`success`,r(`wallet.done.kept`));default:return t}}body(t){let{view:n}=this;if(n.at===`list`)return K(t);if(n.at===`add`)return e`<ingam-wallet-add></ingam-wallet-add>`;let a=t.find(({id:e})=>e===n.id);if(!a)return i(`warning`,r(`el.w.gone`),r(`el.w.gone.do`),{actions:e`<p><a class="btn btn-secondary" href="#/">${r(`wallet.to-list`)}</a></p>`});switch(n.at){case`show`:return z(a);case`name`:return e`<ingam-wallet-name .entry=${a}></ingam-wallet-name>`;case`password`:return e`<ingam-wallet-password .entry=${a}></ingam-wallet-password>`;case`export`:return e`<ingam-wallet-export .entry=${a}></ingam-wallet-export>`;case`delete`:return e`<ingam-wallet-delete .entry=${a}></ingam-wallet-delete>`}}};m([s()],G.prototype,`entries`,void 0),m([s()],G.prototype,`view`,void 0),m([s()],G.prototype,`failure`,void 0),m([s()],G.prototype,`done`,void 0);function K(t){return t.length?e`
    <h2>${r(`wallet.count`,{n:t.length})}</h2>
    <ul class="cards">${t.map(t=>e`<li>${g(t,`#/c/${t.id}`)}</li>`)}</ul>
    <p class="hint">${r(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${r(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${r(`wallet.issue`)}</a>
    </div>`:e`<div class="empty">
      <h2>${r(`wallet.empty`)}</h2>
      <p>${r(`wallet.empty.do`)}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${r(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${r(`wallet.add`)}</a>
      </div>
    </div>`}u(`ingam-wallet`,G),T();