import{C as e,E as t,T as n,_ as r,b as i,c as a,g as o,i as s,r as c,s as l,t as u,x as d}from"./shared-base.js";import{a as f,c as p,i as m,n as h,o as g,r as _,s as v,t as y}from"./shared-open.js";import{t as b}from"./shared-download.js";import"./shared-new-password.js";import{find as x,passwordProblems as S}from"./ingam-wallet.js";var C=`/sw.js`,w=!1;async function T(){if(!w&&`serviceWorker`in navigator&&isSecureContext){w=!0;try{await navigator.serviceWorker.register(E(),{scope:`/`,updateViaCache:`none`})}catch{}}}function E(){let e=globalThis.trustedTypes;return e?e.createPolicy(`ingam`,{createScriptURL(e){if(e!==C)throw TypeError(`not the script`);return e}}).createScriptURL(C):C}var D=[`name`,`password`,`export`,`delete`];function O(e){let[t,n,r]=e.replace(/^#\/?/,``).split(`/`);if(t===`add`)return{at:`add`};if(t!==`c`||!n)return{at:`list`};let i=D.find(e=>e===r);return i?{at:i,id:n}:{at:`show`,id:n}}var k;function A(e,t){k=t,location.hash===e?dispatchEvent(new HashChangeEvent(`hashchange`)):location.hash=e}function j(){let e=k;return k=void 0,e}var M=class extends h{constructor(...e){super(...e),this.chosen=0,this.over=!1,this.again=()=>{this.found=void 0,this.failure=void 0,this.focusOn(`h2`)}}render(){return t`
      <p><a href="#/">${o(`wallet.to-list`)}</a></p>
      <h2>${o(`wallet.add.title`)}</h2>
      ${this.refused()}
      ${this.found?.length?this.choose(this.found):this.pick()}`}pick(){let e=`webkitdirectory`in HTMLInputElement.prototype;return t`
      ${this.found&&!this.failure?l(`warning`,o(`wallet.add.none`),o(`wallet.add.none.do`)):n}
      <p>${o(`wallet.add.lead`)}</p>
      <div class="drop" ?data-over=${this.over} @dragover=${this.dragged} @dragleave=${()=>{this.over=!1}} @drop=${this.dropped}>
        <p>${o(`wallet.add.drop`)}</p>
        <div class="row-actions">
          <label class="btn btn-primary">${o(`wallet.add.files`)}
            <input class="visually-hidden" type="file" id="files" multiple accept=".der,.key,.cer,.crt,.pem,.zip,.pfx,.p12" @change=${this.picked}></label>
          ${e?t`<label class="btn btn-secondary">${o(`wallet.add.folder`)}
            <input class="visually-hidden" type="file" id="folder" webkitdirectory @change=${this.picked}></label>`:n}
        </div>
        ${this.busy?t`<p class="hint" role="status">${o(`wallet.add.looking`)}</p>`:n}
      </div>
      <details class="more">
        <summary>${o(`wallet.add.where`)}</summary>
        <dl class="facts">
          <div><dt>Windows</dt><dd>C:\\Users\\${o(`wallet.add.user`)}\\AppData\\LocalLow\\NPKI</dd></div>
          <div><dt>macOS</dt><dd>~/Library/Preferences/NPKI</dd></div>
          <div><dt>Linux</dt><dd>~/NPKI</dd></div>
          <div><dt>USB</dt><dd>E:\\NPKI</dd></div>
        </dl>
      </details>
      <p class="hint">${o(`wallet.add.stays`)}</p>`}choose(e){let r=e[this.chosen];return t`<form class="stack" @submit=${this.submitted}>
      <fieldset class="choices">
        <legend>${o(`wallet.add.found`,{n:e.length})}</legend>
        ${e.map((e,n)=>t`<label class="choice">
          <input type="radio" name="found" value=${n} .checked=${n===this.chosen} @change=${()=>{this.chosen=n,this.failure=void 0}}>
          <span>${N(e)}</span>
        </label>`)}
      </fieldset>
      ${this.passwordField(r?.kind===`pfx`?o(`wallet.add.pfx-password`):void 0,o(`wallet.add.password-hint`))}
      ${r?.kind===`npki`?t`<label class="check"><input type="checkbox" name="modernise" checked>
        <span>${o(`wallet.add.modernise`)}<br><span class="hint">${o(`wallet.add.modernise.hint`)}</span></span></label>`:n}
      <div class="actions">
        <button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.again}>${o(`wallet.add.again`)}</button>
        ${this.submit(o(`wallet.add.do`),o(`wallet.adding`))}
      </div>
    </form>`}dragged(e){e.preventDefault(),this.over=!0}dropped(e){e.preventDefault(),this.over=!1,e.dataTransfer&&this.look(x(e.dataTransfer))}picked(e){let t=e.target;t.files?.length&&this.look(x([...t.files])),t.value=``}look(e){this.found=void 0,this.act(o(`wallet.add.looking`),async()=>{this.found=await e,this.chosen=0,await this.focusOn(this.found.length?`input[name="found"]`:`.notice`)})}submitted(e){e.preventDefault();let t=this.found?.[this.chosen];if(!t)return;let n=this.take(),r=this.querySelector(`input[name="modernise"]`)?.checked??!1;this.act(o(`wallet.adding`),async()=>{let e=await y(),i=t.kind===`pfx`?(await e.addPfx(t.file,n))[0]:await e.add(t.item,n,{modernise:r});A(i?`#/c/${i.id}`:`#/`,`added`)})}};_([c()],M.prototype,`found`,void 0),_([c()],M.prototype,`chosen`,void 0),_([c()],M.prototype,`over`,void 0);function N(e){if(e.kind===`pfx`)return t`<span class="choice-title">${e.path}</span><span class="choice-text">${o(`wallet.add.pfx`)}</span>`;let{certificate:n,item:r}=e;return t`<span class="choice-title">${n.owner||n.cn} ${m(n)}</span>
    <span class="choice-text">${g(n)} · ${r.ca??``} · ${p(n)}</span>`}e(`ingam-wallet-add`,M);var P=class extends h{constructor(...e){super(...e),this.form=`zip`}render(){return t`<form class="stack" @submit=${this.submitted}>
      <h2>${o(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?n:l(`warning`,o(`wallet.export.no-r`),o(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${o(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,o(`wallet.export.zip`),o(`wallet.export.zip.hint`))}
        ${this.choice(`old-zip`,o(`wallet.export.old`),o(`wallet.export.old.hint`))}
        ${this.choice(`pfx`,o(`wallet.export.pfx`),o(`wallet.export.pfx.hint`))}
      </fieldset>
      ${this.form===`old-zip`?l(`warning`,o(`wallet.export.weak`),o(`wallet.export.weak.do`)):n}
      ${this.passwordField(void 0,o(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${o(`wallet.back`)}</a>
        ${this.submit(o(`wallet.export.do`),o(`wallet.exporting`))}
      </div>
    </form>`}choice(e,n,r){return t`<label class="choice">
      <input type="radio" name="form" value=${e} .checked=${this.form===e} @change=${()=>{this.form=e}}>
      <span><span class="choice-title">${n}</span><span class="choice-text">${r}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:n}=this,r=this.take();this.act(o(`wallet.exporting`),async()=>{let e=await y();n===`pfx`?b(await e.exportPfx(t.id,r),F(t,`pfx`),`application/x-pkcs12`):b(await e.exportZip(t.id,r,{compatible:n===`old-zip`}),F(t,`zip`),`application/zip`),A(`#/c/${t.id}`,`exported`)})}};_([s({attribute:!1})],P.prototype,`entry`,void 0),_([c()],P.prototype,`form`,void 0);function F({certificate:e},t){return`${(e.owner||e.cn).replace(/[^\p{L}\p{N} .-]/gu,``).trim()||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}e(`ingam-wallet-export`,P);var I=class extends h{render(){return t`<form class="stack" @submit=${this.submitted}>
      <h2>${o(`wallet.name.title`)}</h2>
      ${this.refused()}
      <div class="field">
        <label for="name">${o(`wallet.name.label`)}</label>
        <input id="name" name="name" maxlength="100" autocomplete="off" required .value=${this.entry.name} aria-describedby="name-hint">
        <p class="hint" id="name-hint">${o(`wallet.name.only-here`)}</p>
      </div>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${o(`wallet.back`)}</a>
        ${this.submit(o(`wallet.save`),o(`wallet.saving`))}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(o(`wallet.saving`),async()=>{await(await y()).rename(this.entry.id,this.take(`name`)),A(`#/c/${this.entry.id}`,`named`)})}};_([s({attribute:!1})],I.prototype,`entry`,void 0),e(`ingam-wallet-name`,I);var L=class extends h{render(){return t`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${o(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(o(`wallet.password.old`))}
      <ingam-new-password .rules=${S}></ingam-new-password>
      <p class="hint">${o(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${o(`wallet.back`)}</a>
        ${this.submit(o(`wallet.password.do`),o(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),n=await t?.check();n&&await this.act(o(`wallet.password.doing`),async()=>{await(await y()).changePassword(this.entry.id,this.take(),n),t?.clear(),A(`#/c/${this.entry.id}`,`password`)})}};_([s({attribute:!1})],L.prototype,`entry`,void 0),e(`ingam-wallet-password`,L);var R=class extends h{render(){let{entry:e}=this;return t`<form class="stack" @submit=${this.submitted}>
      <h2>${o(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${f(e)}
      <p>${o(`wallet.delete.lost`)}</p>
      <ul>
        <li>${o(`wallet.delete.lost.key`)}</li>
        ${v(e.certificate)===`expired`?``:t`<li>${o(`wallet.delete.lost.use`)}</li>`}
        <li>${o(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${e.id}/export">${o(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${o(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${e.id}">${o(`wallet.back`)}</a>
        ${this.submit(o(`wallet.delete.do`),o(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(o(`wallet.deleting`),async()=>{await(await y()).remove(this.entry.id),A(`#/`,`deleted`)})}};_([s({attribute:!1})],R.prototype,`entry`,void 0),e(`ingam-wallet-delete`,R);function z(e){return t`
    <p><a href="#/">${o(`wallet.to-list`)}</a></p>
    <h2>${e.name}</h2>
    ${B(e)}
    ${f(e)}
    ${V(e)}
    ${H(e)}`}function B(e){if(e.temporary)return l(`info`,o(`wallet.temporary`),o(`wallet.temporary.do`),{actions:t`<p><button class="btn btn-secondary" type="button" @click=${async()=>{await(await y()).keep(e.id),A(`#/c/${e.id}`,`kept`)}}>${o(`wallet.keep`)}</button></p>`});switch(v(e.certificate)){case`expired`:return l(`warning`,o(`wallet.expired`),o(`wallet.expired.do`));case`expiring`:return l(`warning`,o(`wallet.expiring`),o(`wallet.expiring.do`))}return e.lockedUntil?l(`warning`,o(`el.w.locked`),o(`el.w.locked.do`,{time:r(e.lockedUntil)})):e.encryption.weak?l(`info`,o(`wallet.weak`),o(`wallet.weak.do`)):n}function V({id:e,certificate:r}){let i=(e,n,r)=>t`<li><a class="row" href=${e}><span class="row-body"><span class="row-title">${n}</span><span class="row-text">${r}</span></span></a></li>`;return t`<ul class="list">
    ${v(r)===`expired`?n:i(`/sign#${e}`,o(`wallet.sign`),o(`wallet.sign.hint`))}
    ${i(`#/c/${e}/export`,o(`wallet.export`),o(`wallet.export.hint`))}
    ${i(`#/c/${e}/password`,o(`wallet.password`),o(`wallet.password.hint`))}
    ${i(`#/c/${e}/name`,o(`wallet.name`),o(`wallet.name.hint`))}
    ${i(`#/c/${e}/delete`,o(`wallet.delete`),o(`wallet.delete.hint`))}
  </ul>`}function H(e){let n=e.certificate,r=(e,n)=>t`<div><dt>${e}</dt><dd>${n}</dd></div>`;return t`<details class="more">
    <summary>${o(`wallet.facts`)}</summary>
    <dl class="facts">
      ${r(o(`wallet.fact.owner`),n.owner||n.cn)}
      ${r(o(`wallet.fact.name`),n.subject)}
      ${r(o(`wallet.fact.issuer`),n.issuer)}
      ${r(o(`wallet.fact.from`),i(n.notBefore))}
      ${r(o(`wallet.fact.to`),i(n.notAfter))}
      ${r(o(`wallet.fact.serial`),t`<span class="fingerprint">${n.serial}</span>`)}
      ${r(o(`wallet.fact.fingerprint`),u(U(e),`…`))}
      ${r(o(`wallet.fact.added`),e.source===`issued`?o(`wallet.fact.issued-here`,{time:i(e.addedAt)}):o(`wallet.fact.imported`,{time:i(e.addedAt)}))}
      ${r(o(`wallet.fact.sealed`),o(`wallet.fact.sealed.how`,{scheme:W(e),rounds:e.encryption.iterations.toLocaleString(`en`)}))}
      ${r(o(`wallet.fact.r`),e.hasR?o(`wallet.fact.r.yes`):o(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${o(`wallet.offline-state`)}</p>
  </details>`}async function U({certificate:e}){let n=await e.fingerprint();return t`<ingam-copy label=${o(`wallet.fact.fingerprint`)}><span class="fingerprint">${n.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function W({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var G=class extends d{constructor(...e){super(...e),this.view=O(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=O(location.hash),this.done=j(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await y(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read()),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){this.entries=await this.wallet.list()}render(){return this.failure?a(this.failure,t`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${o(`wallet.again`)}</button></p>`):this.entries?t`${this.said()}${this.body(this.entries)}`:t`<p class="hint" role="status">${o(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return l(`success`,o(`wallet.done.added`),o(`wallet.done.added.do`));case`named`:return l(`success`,o(`wallet.done.named`));case`password`:return l(`success`,o(`wallet.done.password`),o(`wallet.done.password.do`));case`deleted`:return l(`success`,o(`wallet.done.deleted`));case`exported`:return l(`success`,o(`wallet.done.exported`),o(`wallet.done.exported.do`));case`kept`:return l(`success`,o(`wallet.done.kept`));default:return n}}body(e){let{view:n}=this;if(n.at===`list`)return K(e);if(n.at===`add`)return t`<ingam-wallet-add></ingam-wallet-add>`;let r=e.find(({id:e})=>e===n.id);if(!r)return l(`warning`,o(`el.w.gone`),o(`el.w.gone.do`),{actions:t`<p><a class="btn btn-secondary" href="#/">${o(`wallet.to-list`)}</a></p>`});switch(n.at){case`show`:return z(r);case`name`:return t`<ingam-wallet-name .entry=${r}></ingam-wallet-name>`;case`password`:return t`<ingam-wallet-password .entry=${r}></ingam-wallet-password>`;case`export`:return t`<ingam-wallet-export .entry=${r}></ingam-wallet-export>`;case`delete`:return t`<ingam-wallet-delete .entry=${r}></ingam-wallet-delete>`}}};_([c()],G.prototype,`entries`,void 0),_([c()],G.prototype,`view`,void 0),_([c()],G.prototype,`failure`,void 0),_([c()],G.prototype,`done`,void 0);function K(e){return e.length?t`
    <h2>${o(`wallet.count`,{n:e.length})}</h2>
    <ul class="cards">${e.map(e=>t`<li>${f(e,`#/c/${e.id}`)}</li>`)}</ul>
    <p class="hint">${o(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${o(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${o(`wallet.issue`)}</a>
    </div>`:t`<div class="empty">
      <h2>${o(`wallet.empty`)}</h2>
      <p>${o(`wallet.empty.do`)}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${o(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${o(`wallet.add`)}</a>
      </div>
    </div>`}e(`ingam-wallet`,G),T();