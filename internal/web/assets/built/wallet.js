import{t as e}from"./shared-offline.js";import{A as t,D as n,T as r,b as i,c as a,j as o,l as s,n as c,r as l,t as u,w as d,x as f}from"./shared-base.js";import{i as p,n as m,r as h,t as g}from"./shared-add.js";import{a as _,c as v,d as y,i as b,s as x,t as S,u as C}from"./shared-open.js";import{t as w}from"./shared-download.js";import{passwordProblems as T}from"./ingam-wallet.js";var E=class extends C{constructor(...e){super(...e),this.application=``}render(){return o`<form class="stack" @submit=${this.submitted}>
      <h2>${i(`wallet.discard.title`)}</h2>
      ${this.refused()}
      <p>${i(`wallet.delete.lost`)}</p>
      <ul>
        <li>${i(`wallet.delete.lost.key`)}</li>
        <li>${i(`wallet.discard.issued`)}</li>
        <li>${i(`wallet.discard.open`)}</li>
      </ul>
      <p><a href=${g(this.application)}>${i(`wallet.unfinished.go`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${i(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.discard.do`),i(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(i(`wallet.deleting`),async()=>{await(await S()).discard(this.application),m(`#/`,`discarded`)})}};y([l()],E.prototype,`application`,void 0),n(`ingam-wallet-discard`,E);var D=class extends C{constructor(...e){super(...e),this.form=`zip`}render(){return o`<form class="stack" @submit=${this.submitted}>
      <h2>${i(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?t:a(`warning`,i(`wallet.export.no-r`),i(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${i(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,i(`wallet.export.zip`),i(`wallet.export.zip.hint`))}
        ${this.choice(`pfx`,i(`wallet.export.pfx`),i(`wallet.export.pfx.hint`))}
        ${this.choice(`old-zip`,i(`wallet.export.old`),i(`wallet.export.old.hint`))}
        ${this.choice(`old-pfx`,i(`wallet.export.old-pfx`),i(`wallet.export.old-pfx.hint`))}
      </fieldset>
      ${this.form.startsWith(`old-`)?a(`warning`,i(`wallet.export.weak`),i(`wallet.export.weak.do`)):t}
      ${this.passwordField(void 0,i(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.export.do`),i(`wallet.exporting`))}
      </div>
    </form>`}choice(e,t,n){return o`<label class="choice">
      <input type="radio" name="form" value=${e} .checked=${this.form===e} @change=${()=>{this.form=e}}>
      <span><span class="choice-title">${t}</span><span class="choice-text">${n}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:n}=this,r=n.startsWith(`old-`),a=this.take();this.act(i(`wallet.exporting`),async()=>{let e=await S();n.endsWith(`pfx`)?w(await e.exportPfx(t.id,a,{compatible:r}),O(t,`pfx`),`application/x-pkcs12`):w(await e.exportZip(t.id,a,{compatible:r}),O(t,`zip`),`application/zip`),m(`#/c/${t.id}`,`exported`)})}};y([l({attribute:!1})],D.prototype,`entry`,void 0),y([c()],D.prototype,`form`,void 0);function O({certificate:e},t){return`${x(e).replace(/[^\p{L}\p{N} .-]/gu,``).trim().slice(0,60)||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}n(`ingam-wallet-export`,D);var k=class extends C{render(){return o`<form class="stack" @submit=${this.submitted}>
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
    </form>`}submitted(e){e.preventDefault(),this.act(i(`wallet.saving`),async()=>{await(await S()).rename(this.entry.id,this.take(`name`)),m(`#/c/${this.entry.id}`,`named`)})}};y([l({attribute:!1})],k.prototype,`entry`,void 0),n(`ingam-wallet-name`,k);var A=class extends C{render(){return o`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${i(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(i(`wallet.password.old`))}
      <ingam-new-password .rules=${T}></ingam-new-password>
      <p class="hint">${i(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.password.do`),i(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),n=await t?.check();n&&await this.act(i(`wallet.password.doing`),async()=>{await(await S()).changePassword(this.entry.id,this.take(),n),t?.clear(),m(`#/c/${this.entry.id}`,`password`)})}};y([l({attribute:!1})],A.prototype,`entry`,void 0),n(`ingam-wallet-password`,A);var j=class extends C{render(){let{entry:e}=this;return o`<form class="stack" @submit=${this.submitted}>
      <h2>${i(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${b(e)}
      <p>${i(`wallet.delete.lost`)}</p>
      <ul>
        <li>${i(`wallet.delete.lost.key`)}</li>
        ${_(e)?``:o`<li>${i(`wallet.delete.lost.use`)}</li>`}
        <li>${i(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${e.id}/export">${i(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${i(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${e.id}">${i(`wallet.back`)}</a>
        ${this.submit(i(`wallet.delete.do`),i(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(i(`wallet.deleting`),async()=>{await(await S()).remove(this.entry.id),m(`#/`,`deleted`)})}};y([l({attribute:!1})],j.prototype,`entry`,void 0),n(`ingam-wallet-delete`,j);var M=class extends C{render(){return o`${this.refused()}
      <p><button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.keep}>${i(`wallet.keep`)}</button></p>`}keep(){this.act(i(`wallet.saving`),async()=>{await(await S()).keep(this.entry.id),m(`#/c/${this.entry.id}`,`kept`)})}};y([l({attribute:!1})],M.prototype,`entry`,void 0),n(`ingam-wallet-keep`,M);function N(e){return o`
    <p><a href="#/">${i(`wallet.to-list`)}</a></p>
    <h2>${e.name}</h2>
    ${P(e)}
    ${b(e)}
    ${I(e)}
    ${L(e)}`}function P(e){if(e.temporary)return a(`info`,i(`wallet.temporary`),i(`wallet.temporary.do`),{actions:o`<ingam-wallet-keep .entry=${e}></ingam-wallet-keep>`});switch(v(e)){case`replaced`:return a(`info`,i(`wallet.replaced`),i(`wallet.replaced.do`),{actions:o`<p><a class="btn btn-secondary" href="#/c/${e.replacedBy}">${i(`wallet.replaced.by`)}</a></p>`});case`expired`:return a(`warning`,i(`wallet.expired`),i(`wallet.expired.do`),{actions:F(e)});case`expiring`:return a(`warning`,i(`wallet.expiring`),i(`wallet.expiring.do`),{actions:F(e)})}return e.lockedUntil?a(`warning`,i(`el.w.locked`),i(`el.w.locked.do`,{until:f(e.lockedUntil)})):e.encryption.weak?a(`info`,i(`wallet.weak`),i(`wallet.weak.do`)):t}function F({source:e}){return e===`issued`?o`<p><a class="btn btn-secondary" href="/advice">${i(`wallet.advice`)}</a></p>`:t}function I(e){let{id:n}=e,r=(e,t,n)=>o`<li><a class="row" href=${e}><span class="row-body"><span class="row-title">${t}</span><span class="row-text">${n}</span></span></a></li>`;return o`<ul class="list">
    ${_(e)?t:r(`/sign#${n}`,i(`wallet.sign`),i(`wallet.sign.hint`))}
    ${r(`#/c/${n}/export`,i(`wallet.export`),i(`wallet.export.hint`))}
    ${r(`#/c/${n}/password`,i(`wallet.password`),i(`wallet.password.hint`))}
    ${r(`#/c/${n}/name`,i(`wallet.name`),i(`wallet.name.hint`))}
    ${r(`#/c/${n}/delete`,i(`wallet.delete`),i(`wallet.delete.hint`))}
  </ul>`}function L(e){let t=e.certificate,n=(e,t)=>o`<div><dt>${e}</dt><dd>${t}</dd></div>`;return o`<details class="more">
    <summary>${i(`wallet.facts`)}</summary>
    <dl class="facts">
      ${n(i(`wallet.fact.owner`),x(t))}
      ${n(i(`wallet.fact.name`),t.subject)}
      ${n(i(`wallet.fact.issuer`),t.issuer)}
      ${n(i(`wallet.fact.from`),d(t.notBefore))}
      ${n(i(`wallet.fact.to`),d(t.notAfter))}
      ${n(i(`wallet.fact.serial`),o`<span class="fingerprint">${t.serial}</span>`)}
      ${n(i(`wallet.fact.fingerprint`),u(R(e),`…`))}
      ${n(i(`wallet.fact.added`),e.source===`issued`?i(`wallet.fact.issued-here`,{time:d(e.addedAt)}):i(`wallet.fact.imported`,{time:d(e.addedAt)}))}
      ${n(i(`wallet.fact.sealed`),i(`wallet.fact.sealed.how`,{scheme:z(e),rounds:e.encryption.iterations.toLocaleString(`en`)}))}
      ${n(i(`wallet.fact.r`),e.hasR?i(`wallet.fact.r.yes`):i(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${i(`wallet.offline-state`)}</p>
  </details>`}async function R({certificate:e}){let t=await e.fingerprint();return o`<ingam-copy label=${i(`wallet.fact.fingerprint`)}><span class="fingerprint">${t.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function z({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var B=class extends r{constructor(...e){super(...e),this.waiting=[],this.view=p(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=p(location.hash),this.done=h(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await S(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read().catch(e=>{this.failure=e})),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){let[e,t]=await Promise.all([this.wallet.list(),this.wallet.unfinished()]);this.entries=e,this.waiting=t}render(){return this.failure?s(this.failure,o`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${i(`wallet.again`)}</button></p>`):this.entries?o`${this.said()}${this.body(this.entries)}`:o`<p class="hint" role="status">${i(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return a(`success`,i(`wallet.done.added`),i(`wallet.done.added.do`));case`named`:return a(`success`,i(`wallet.done.named`));case`password`:return a(`success`,i(`wallet.done.password`),i(`wallet.done.password.do`));case`deleted`:return a(`success`,i(`wallet.done.deleted`));case`exported`:return a(`success`,i(`wallet.done.exported`),i(`wallet.done.exported.do`));case`discarded`:return a(`success`,i(`wallet.done.discarded`));case`kept`:return a(`success`,i(`wallet.done.kept`));default:return t}}body(e){let{view:t}=this;if(t.at===`list`)return o`${V(this.waiting)}${H(e,this.waiting.length>0)}`;if(t.at===`discard`)return o`<ingam-wallet-discard application=${t.application}></ingam-wallet-discard>`;if(t.at===`add`)return o`<ingam-wallet-add></ingam-wallet-add>`;let n=e.find(({id:e})=>e===t.id);if(!n)return a(`warning`,i(`el.w.gone`),i(`el.w.gone.do`),{actions:o`<p><a class="btn btn-secondary" href="#/">${i(`wallet.to-list`)}</a></p>`});switch(t.at){case`show`:return N(n);case`name`:return o`<ingam-wallet-name .entry=${n}></ingam-wallet-name>`;case`password`:return o`<ingam-wallet-password .entry=${n}></ingam-wallet-password>`;case`export`:return o`<ingam-wallet-export .entry=${n}></ingam-wallet-export>`;case`delete`:return o`<ingam-wallet-delete .entry=${n}></ingam-wallet-delete>`}}};y([c()],B.prototype,`entries`,void 0),y([c()],B.prototype,`waiting`,void 0),y([c()],B.prototype,`view`,void 0),y([c()],B.prototype,`failure`,void 0),y([c()],B.prototype,`done`,void 0);function V(e){return e.length?o`
    <h2>${i(`wallet.unfinished`,{n:e.length})}</h2>
    <p>${i(`wallet.unfinished.text`)}</p>
    <ul class="list" id="unfinished">${e.map(({application:e,ca:t,begunAt:n,replaces:r,note:a})=>o`<li>
      <div class="row">
        <div class="row-body">
          <span class="row-title">${i(r?`wallet.unfinished.renewal`:`wallet.unfinished.of`,{ca:t})}</span>
          <span class="row-text">${i(`wallet.unfinished.since`,{time:d(n)})}</span>
          <div class="row-actions">
            <a class="btn btn-secondary" href=${g(e,a)}>${i(`wallet.unfinished.go`)}</a>
            <a class="btn btn-quiet" href="#/u/${encodeURIComponent(e)}">${i(`wallet.unfinished.discard`)}</a>
          </div>
        </div>
      </div>
    </li>`)}</ul>`:t}function H(e,n){return!e.length&&!n?o`<div class="empty">
      <h2>${i(`wallet.empty`)}</h2>
      <p>${i(`wallet.empty.do`)}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${i(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${i(`wallet.add`)}</a>
      </div>
    </div>`:o`
    ${e.length?o`<h2>${i(`wallet.count`,{n:e.length})}</h2>
          ${W(e)}`:t}
    <p class="hint">${i(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${i(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${i(`wallet.issue`)}</a>
    </div>`}var U=5;function W(e){let t=e=>o`<ul class="cards">${e.map(e=>o`<li>${b(e,`#/c/${e.id}`)}</li>`)}</ul>`,n=e.filter(_);return e.length<=U||n.length<2||n.length===e.length?t(e):o`${t(e.filter(e=>!n.includes(e)))}
    <details class="more"><summary>${i(`wallet.over`,{n:n.length})}</summary>${t(n)}</details>`}n(`ingam-wallet`,B),e();