import{t as e}from"./shared-new-password.js";import{D as t,E as n,S as r,_ as i,c as a,i as o,l as s,r as c,t as l,v as u,w as d,x as f}from"./shared-base.js";import{a as p,c as m,i as h,l as g,o as _,r as v,s as y,t as b,u as x}from"./shared-open.js";import{t as S}from"./shared-download.js";import{find as C,passwordProblems as w}from"./ingam-wallet.js";var T=[`name`,`password`,`export`,`delete`];function E(e){let[t,n,r]=e.replace(/^#\/?/,``).split(`/`);if(t===`add`)return{at:`add`};if(t===`u`&&n)return{at:`discard`,application:n};if(t!==`c`||!n)return{at:`list`};let i=T.find(e=>e===r);return i?{at:i,id:n}:{at:`show`,id:n}}function D(e){return`/apply/`+encodeURIComponent(e)}var O;function k(e,t){O=t,location.hash===e?dispatchEvent(new HashChangeEvent(`hashchange`)):location.hash=e}function A(){let e=O;return O=void 0,e}var j=class extends v{constructor(...e){super(...e),this.chosen=0,this.over=!1,this.again=()=>{this.found=void 0,this.failure=void 0,this.focusOn(`h2`)}}render(){return t`
      <p><a href="#/">${i(`wallet.to-list`)}</a></p>
      <h2>${i(`wallet.add.title`)}</h2>
      ${this.refused()}
      ${this.found?.length?this.choose(this.found):this.pick()}`}pick(){let e=`webkitdirectory`in HTMLInputElement.prototype;return t`
      ${this.found&&!this.failure?a(`warning`,i(`wallet.add.none`),i(`wallet.add.none.do`)):n}
      <p>${i(`wallet.add.lead`)}</p>
      <div class="drop" ?data-over=${this.over} @dragover=${this.dragged} @dragleave=${()=>{this.over=!1}} @drop=${this.dropped}>
        <p>${i(`wallet.add.drop`)}</p>
        <div class="row-actions">
          <button class="btn btn-primary" type="button" @click=${()=>this.browse(`#files`)}>${i(`wallet.add.files`)}</button>
          <input hidden type="file" id="files" multiple accept=".der,.key,.cer,.crt,.pem,.zip,.pfx,.p12" @change=${this.picked}>
          ${e?t`<button class="btn btn-secondary" type="button" @click=${()=>this.browse(`#folder`)}>${i(`wallet.add.folder`)}</button>
              <input hidden type="file" id="folder" webkitdirectory @change=${this.picked}>`:n}
        </div>
        ${this.busy?t`<p class="hint" role="status">${i(`wallet.add.looking`)}</p>`:n}
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
      <p class="hint">${i(`wallet.add.stays`)}</p>`}choose(e){let r=e[this.chosen];return t`<form class="stack" @submit=${this.submitted}>
      <fieldset class="choices">
        <legend>${i(`wallet.add.found`,{n:e.length})}</legend>
        ${e.map((e,n)=>t`<label class="choice">
          <input type="radio" name="found" value=${n} .checked=${n===this.chosen} @change=${()=>{this.chosen=n,this.failure=void 0}}>
          <span>${M(e)}</span>
        </label>`)}
      </fieldset>
      ${this.passwordField(r?.kind===`pfx`?i(`wallet.add.pfx-password`):void 0,i(`wallet.add.password-hint`))}
      ${r?.kind===`npki`?t`<label class="check"><input type="checkbox" name="modernise" checked>
        <span>${i(`wallet.add.modernise`)}<br><span class="hint">${i(`wallet.add.modernise.hint`)}</span></span></label>`:n}
      <div class="actions">
        <button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.again}>${i(`wallet.add.again`)}</button>
        ${this.submit(i(`wallet.add.do`),i(`wallet.adding`))}
      </div>
    </form>`}browse(e){this.querySelector(e)?.click()}dragged(e){e.preventDefault(),this.over=!0}dropped(e){e.preventDefault(),this.over=!1,e.dataTransfer&&this.look(C(e.dataTransfer))}picked(e){let t=e.target;t.files?.length&&this.look(C([...t.files])),t.value=``}look(e){this.found=void 0,this.act(i(`wallet.add.looking`),async()=>{this.found=await e,this.chosen=0,await this.focusOn(this.found.length?`input[name="found"]`:`.notice`)})}submitted(e){e.preventDefault();let t=this.found?.[this.chosen];if(!t)return;let n=this.take(),r=this.querySelector(`input[name="modernise"]`)?.checked??!1;this.act(i(`wallet.adding`),async()=>{let e=await b(),i=t.kind===`pfx`?(await e.addPfx(t.file,n))[0]:await e.add(t.item,n,{modernise:r});k(i?`#/c/${i.id}`:`#/`,`added`)})}};h([c()],j.prototype,`found`,void 0),h([c()],j.prototype,`chosen`,void 0),h([c()],j.prototype,`over`,void 0);function M(e){if(e.kind===`pfx`)return t`<span class="choice-title">${e.path}</span><span class="choice-text">${i(`wallet.add.pfx`)}</span>`;let{certificate:n,item:r}=e;return t`<span class="choice-title">${m(n)} ${p(n)}</span>
    <span class="choice-text">${y(n)} · ${r.ca??``} · ${x(n)}</span>`}d(`ingam-wallet-add`,j);var N=class extends v{constructor(...e){super(...e),this.application=``}render(){return t`<form class="stack" @submit=${this.submitted}>
      <h2>${i(`wallet.discard.title`)}</h2>
      ${this.refused()}
      <p>${i(`wallet.delete.lost`)}</p>
      <ul>
        <li>${i(`wallet.delete.lost.key`)}</li>
        <li>${i(`wallet.discard.issued`)}</li>
        <li>${i(`wallet.discard.open`)}</li>
      </ul>
      <p><a href=${D(this.application)}>${i(`wallet.unfinished.go`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${i(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.discard.do`),i(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(i(`wallet.deleting`),async()=>{await(await b()).discard(this.application),k(`#/`,`discarded`)})}};h([o()],N.prototype,`application`,void 0),d(`ingam-wallet-discard`,N);var P=class extends v{constructor(...e){super(...e),this.form=`zip`}render(){return t`<form class="stack" @submit=${this.submitted}>
      <h2>${i(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?n:a(`warning`,i(`wallet.export.no-r`),i(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${i(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,i(`wallet.export.zip`),i(`wallet.export.zip.hint`))}
        ${this.choice(`pfx`,i(`wallet.export.pfx`),i(`wallet.export.pfx.hint`))}
        ${this.choice(`old-zip`,i(`wallet.export.old`),i(`wallet.export.old.hint`))}
        ${this.choice(`old-pfx`,i(`wallet.export.old-pfx`),i(`wallet.export.old-pfx.hint`))}
      </fieldset>
      ${this.form.startsWith(`old-`)?a(`warning`,i(`wallet.export.weak`),i(`wallet.export.weak.do`)):n}
      ${this.passwordField(void 0,i(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.export.do`),i(`wallet.exporting`))}
      </div>
    </form>`}choice(e,n,r){return t`<label class="choice">
      <input type="radio" name="form" value=${e} .checked=${this.form===e} @change=${()=>{this.form=e}}>
      <span><span class="choice-title">${n}</span><span class="choice-text">${r}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:n}=this,r=n.startsWith(`old-`),a=this.take();this.act(i(`wallet.exporting`),async()=>{let e=await b();n.endsWith(`pfx`)?S(await e.exportPfx(t.id,a,{compatible:r}),F(t,`pfx`),`application/x-pkcs12`):S(await e.exportZip(t.id,a,{compatible:r}),F(t,`zip`),`application/zip`),k(`#/c/${t.id}`,`exported`)})}};h([o({attribute:!1})],P.prototype,`entry`,void 0),h([c()],P.prototype,`form`,void 0);function F({certificate:e},t){return`${m(e).replace(/[^\p{L}\p{N} .-]/gu,``).trim().slice(0,60)||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}d(`ingam-wallet-export`,P);var I=class extends v{render(){return t`<form class="stack" @submit=${this.submitted}>
      <h2>${i(`wallet.name.title`)}</h2>
      ${this.refused()}
      <div class="field">
        <label for="name">${i(`wallet.name.label`)}</label>
        <input id="name" name="name" maxlength="100" autocomplete="off" required .value=${this.entry.name} aria-describedby="name-hint">
        <p class="hint" id="name-hint">${i(`wallet.name.only-here`)}</p>
      </div>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.save`),i(`wallet.saving`))}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(i(`wallet.saving`),async()=>{await(await b()).rename(this.entry.id,this.take(`name`)),k(`#/c/${this.entry.id}`,`named`)})}};h([o({attribute:!1})],I.prototype,`entry`,void 0),d(`ingam-wallet-name`,I);var L=class extends v{render(){return t`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${i(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(i(`wallet.password.old`))}
      <ingam-new-password .rules=${w}></ingam-new-password>
      <p class="hint">${i(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.password.do`),i(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),n=await t?.check();n&&await this.act(i(`wallet.password.doing`),async()=>{await(await b()).changePassword(this.entry.id,this.take(),n),t?.clear(),k(`#/c/${this.entry.id}`,`password`)})}};h([o({attribute:!1})],L.prototype,`entry`,void 0),d(`ingam-wallet-password`,L);var R=class extends v{render(){let{entry:e}=this;return t`<form class="stack" @submit=${this.submitted}>
      <h2>${i(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${_(e)}
      <p>${i(`wallet.delete.lost`)}</p>
      <ul>
        <li>${i(`wallet.delete.lost.key`)}</li>
        ${g(e.certificate)===`expired`?``:t`<li>${i(`wallet.delete.lost.use`)}</li>`}
        <li>${i(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${e.id}/export">${i(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${i(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${e.id}">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.delete.do`),i(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(i(`wallet.deleting`),async()=>{await(await b()).remove(this.entry.id),k(`#/`,`deleted`)})}};h([o({attribute:!1})],R.prototype,`entry`,void 0),d(`ingam-wallet-delete`,R);var z=class extends v{render(){return t`${this.refused()}
      <p><button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.keep}>${i(`wallet.keep`)}</button></p>`}keep(){this.act(i(`wallet.saving`),async()=>{await(await b()).keep(this.entry.id),k(`#/c/${this.entry.id}`,`kept`)})}};h([o({attribute:!1})],z.prototype,`entry`,void 0),d(`ingam-wallet-keep`,z);function B(e){return t`
    <p><a href="#/">${i(`wallet.to-list`)}</a></p>
    <h2>${e.name}</h2>
    ${V(e)}
    ${_(e)}
    ${H(e)}
    ${U(e)}`}function V(e){if(e.temporary)return a(`info`,i(`wallet.temporary`),i(`wallet.temporary.do`),{actions:t`<ingam-wallet-keep .entry=${e}></ingam-wallet-keep>`});switch(g(e.certificate)){case`expired`:return a(`warning`,i(`wallet.expired`),i(`wallet.expired.do`));case`expiring`:return a(`warning`,i(`wallet.expiring`),i(`wallet.expiring.do`))}return e.lockedUntil?a(`warning`,i(`el.w.locked`),i(`el.w.locked.do`,{until:u(e.lockedUntil)})):e.encryption.weak?a(`info`,i(`wallet.weak`),i(`wallet.weak.do`)):n}function H({id:e,certificate:r}){let a=(e,n,r)=>t`<li><a class="row" href=${e}><span class="row-body"><span class="row-title">${n}</span><span class="row-text">${r}</span></span></a></li>`;return t`<ul class="list">
    ${g(r)===`expired`?n:a(`/sign#${e}`,i(`wallet.sign`),i(`wallet.sign.hint`))}
    ${a(`#/c/${e}/export`,i(`wallet.export`),i(`wallet.export.hint`))}
    ${a(`#/c/${e}/password`,i(`wallet.password`),i(`wallet.password.hint`))}
    ${a(`#/c/${e}/name`,i(`wallet.name`),i(`wallet.name.hint`))}
    ${a(`#/c/${e}/delete`,i(`wallet.delete`),i(`wallet.delete.hint`))}
  </ul>`}function U(e){let n=e.certificate,r=(e,n)=>t`<div><dt>${e}</dt><dd>${n}</dd></div>`;return t`<details class="more">
    <summary>${i(`wallet.facts`)}</summary>
    <dl class="facts">
      ${r(i(`wallet.fact.owner`),m(n))}
      ${r(i(`wallet.fact.name`),n.subject)}
      ${r(i(`wallet.fact.issuer`),n.issuer)}
      ${r(i(`wallet.fact.from`),f(n.notBefore))}
      ${r(i(`wallet.fact.to`),f(n.notAfter))}
      ${r(i(`wallet.fact.serial`),t`<span class="fingerprint">${n.serial}</span>`)}
      ${r(i(`wallet.fact.fingerprint`),l(W(e),`…`))}
      ${r(i(`wallet.fact.added`),e.source===`issued`?i(`wallet.fact.issued-here`,{time:f(e.addedAt)}):i(`wallet.fact.imported`,{time:f(e.addedAt)}))}
      ${r(i(`wallet.fact.sealed`),i(`wallet.fact.sealed.how`,{scheme:G(e),rounds:e.encryption.iterations.toLocaleString(`en`)}))}
      ${r(i(`wallet.fact.r`),e.hasR?i(`wallet.fact.r.yes`):i(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${i(`wallet.offline-state`)}</p>
  </details>`}async function W({certificate:e}){let n=await e.fingerprint();return t`<ingam-copy label=${i(`wallet.fact.fingerprint`)}><span class="fingerprint">${n.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function G({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var K=class extends r{constructor(...e){super(...e),this.waiting=[],this.view=E(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=E(location.hash),this.done=A(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await b(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read().catch(e=>{this.failure=e})),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){let[e,t]=await Promise.all([this.wallet.list(),this.wallet.unfinished()]);this.entries=e,this.waiting=t}render(){return this.failure?s(this.failure,t`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${i(`wallet.again`)}</button></p>`):this.entries?t`${this.said()}${this.body(this.entries)}`:t`<p class="hint" role="status">${i(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return a(`success`,i(`wallet.done.added`),i(`wallet.done.added.do`));case`named`:return a(`success`,i(`wallet.done.named`));case`password`:return a(`success`,i(`wallet.done.password`),i(`wallet.done.password.do`));case`deleted`:return a(`success`,i(`wallet.done.deleted`));case`exported`:return a(`success`,i(`wallet.done.exported`),i(`wallet.done.exported.do`));case`discarded`:return a(`success`,i(`wallet.done.discarded`));case`kept`:return a(`success`,i(`wallet.done.kept`));default:return n}}body(e){let{view:n}=this;if(n.at===`list`)return t`${q(this.waiting)}${J(e,this.waiting.length>0)}`;if(n.at===`discard`)return t`<ingam-wallet-discard application=${n.application}></ingam-wallet-discard>`;if(n.at===`add`)return t`<ingam-wallet-add></ingam-wallet-add>`;let r=e.find(({id:e})=>e===n.id);if(!r)return a(`warning`,i(`el.w.gone`),i(`el.w.gone.do`),{actions:t`<p><a class="btn btn-secondary" href="#/">${i(`wallet.to-list`)}</a></p>`});switch(n.at){case`show`:return B(r);case`name`:return t`<ingam-wallet-name .entry=${r}></ingam-wallet-name>`;case`password`:return t`<ingam-wallet-password .entry=${r}></ingam-wallet-password>`;case`export`:return t`<ingam-wallet-export .entry=${r}></ingam-wallet-export>`;case`delete`:return t`<ingam-wallet-delete .entry=${r}></ingam-wallet-delete>`}}};h([c()],K.prototype,`entries`,void 0),h([c()],K.prototype,`waiting`,void 0),h([c()],K.prototype,`view`,void 0),h([c()],K.prototype,`failure`,void 0),h([c()],K.prototype,`done`,void 0);function q(e){return e.length?t`
    <h2>${i(`wallet.unfinished`,{n:e.length})}</h2>
    <p>${i(`wallet.unfinished.text`)}</p>
    <ul class="list" id="unfinished">${e.map(({application:e,ca:n,begunAt:r})=>t`<li>
      <div class="row">
        <div class="row-body">
          <span class="row-title">${i(`wallet.unfinished.of`,{ca:n})}</span>
          <span class="row-text">${i(`wallet.unfinished.since`,{time:f(r)})}</span>
          <div class="row-actions">
            <a class="btn btn-secondary" href=${D(e)}>${i(`wallet.unfinished.go`)}</a>
            <a class="btn btn-quiet" href="#/u/${encodeURIComponent(e)}">${i(`wallet.unfinished.discard`)}</a>
          </div>
        </div>
      </div>
    </li>`)}</ul>`:n}function J(e,r){return!e.length&&!r?t`<div class="empty">
      <h2>${i(`wallet.empty`)}</h2>
      <p>${i(`wallet.empty.do`)}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${i(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${i(`wallet.add`)}</a>
      </div>
    </div>`:t`
    ${e.length?t`<h2>${i(`wallet.count`,{n:e.length})}</h2>
          ${X(e)}`:n}
    <p class="hint">${i(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${i(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${i(`wallet.issue`)}</a>
    </div>`}var Y=5;function X(e){let n=e=>t`<ul class="cards">${e.map(e=>t`<li>${_(e,`#/c/${e.id}`)}</li>`)}</ul>`,r=e.filter(({certificate:e})=>g(e)===`expired`);return e.length<=Y||r.length<2||r.length===e.length?n(e):t`${n(e.filter(e=>!r.includes(e)))}
    <details class="more"><summary>${i(`wallet.over`,{n:r.length})}</summary>${n(r)}</details>`}d(`ingam-wallet`,K),e();