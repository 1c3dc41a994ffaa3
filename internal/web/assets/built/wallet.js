import{t as e}from"./shared-offline.js";import{C as t,O as n,S as r,T as i,c as a,i as o,k as s,l as c,r as l,t as u,v as d,y as f}from"./shared-base.js";import{i as p,n as m,r as h,t as g}from"./shared-add.js";import{a as _,c as v,d as y,i as b,s as x,t as S,u as C}from"./shared-open.js";import{t as w}from"./shared-download.js";import{passwordProblems as T}from"./ingam-wallet.js";var E=class extends C{constructor(...e){super(...e),this.application=``}render(){return s`<form class="stack" @submit=${this.submitted}>
      <h2>${d(`wallet.discard.title`)}</h2>
      ${this.refused()}
      <p>${d(`wallet.delete.lost`)}</p>
      <ul>
        <li>${d(`wallet.delete.lost.key`)}</li>
        <li>${d(`wallet.discard.issued`)}</li>
        <li>${d(`wallet.discard.open`)}</li>
      </ul>
      <p><a href=${g(this.application)}>${d(`wallet.unfinished.go`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${d(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/">${d(`wallet.back`)}</a>
        ${this.submit(d(`wallet.discard.do`),d(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(d(`wallet.deleting`),async()=>{await(await S()).discard(this.application),m(`#/`,`discarded`)})}};y([o()],E.prototype,`application`,void 0),i(`ingam-wallet-discard`,E);var D=class extends C{constructor(...e){super(...e),this.form=`zip`}render(){return s`<form class="stack" @submit=${this.submitted}>
      <h2>${d(`wallet.export.title`)}</h2>
      ${this.refused()}
      ${this.entry.hasR?n:a(`warning`,d(`wallet.export.no-r`),d(`wallet.export.no-r.do`))}
      <fieldset class="choices">
        <legend>${d(`wallet.export.form`)}</legend>
        ${this.choice(`zip`,d(`wallet.export.zip`),d(`wallet.export.zip.hint`))}
        ${this.choice(`pfx`,d(`wallet.export.pfx`),d(`wallet.export.pfx.hint`))}
        ${this.choice(`old-zip`,d(`wallet.export.old`),d(`wallet.export.old.hint`))}
        ${this.choice(`old-pfx`,d(`wallet.export.old-pfx`),d(`wallet.export.old-pfx.hint`))}
      </fieldset>
      ${this.form.startsWith(`old-`)?a(`warning`,d(`wallet.export.weak`),d(`wallet.export.weak.do`)):n}
      ${this.passwordField(void 0,d(`wallet.export.same-password`))}
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${d(`wallet.back`)}</a>
        ${this.submit(d(`wallet.export.do`),d(`wallet.exporting`))}
      </div>
    </form>`}choice(e,t,n){return s`<label class="choice">
      <input type="radio" name="form" value=${e} .checked=${this.form===e} @change=${()=>{this.form=e}}>
      <span><span class="choice-title">${t}</span><span class="choice-text">${n}</span></span>
    </label>`}submitted(e){e.preventDefault();let{entry:t,form:n}=this,r=n.startsWith(`old-`),i=this.take();this.act(d(`wallet.exporting`),async()=>{let e=await S();n.endsWith(`pfx`)?w(await e.exportPfx(t.id,i,{compatible:r}),O(t,`pfx`),`application/x-pkcs12`):w(await e.exportZip(t.id,i,{compatible:r}),O(t,`zip`),`application/zip`),m(`#/c/${t.id}`,`exported`)})}};y([o({attribute:!1})],D.prototype,`entry`,void 0),y([l()],D.prototype,`form`,void 0);function O({certificate:e},t){return`${x(e).replace(/[^\p{L}\p{N} .-]/gu,``).trim().slice(0,60)||`NPKI`} ${e.notAfter.toISOString().slice(0,10)}.${t}`}i(`ingam-wallet-export`,D);var k=class extends C{render(){return s`<form class="stack" @submit=${this.submitted}>
      <h2>${d(`wallet.name.title`)}</h2>
      ${this.refused()}
      <div class="field">
        <label for="name">${d(`wallet.name.label`)}</label>
        <input id="name" name="name" maxlength="100" autocomplete="off" required .value=${this.entry.name} aria-describedby="name-hint">
        <p class="hint" id="name-hint">${d(`wallet.name.only-here`)}</p>
      </div>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${d(`wallet.back`)}</a>
        ${this.submit(d(`wallet.save`),d(`wallet.saving`))}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(d(`wallet.saving`),async()=>{await(await S()).rename(this.entry.id,this.take(`name`)),m(`#/c/${this.entry.id}`,`named`)})}};y([o({attribute:!1})],k.prototype,`entry`,void 0),i(`ingam-wallet-name`,k);var A=class extends C{render(){return s`<form class="stack" novalidate @submit=${this.submitted}>
      <h2>${d(`wallet.password.title`)}</h2>
      ${this.refused()}
      <input type="hidden" autocomplete="username" .value=${this.entry.name}>
      ${this.passwordField(d(`wallet.password.old`))}
      <ingam-new-password .rules=${T}></ingam-new-password>
      <p class="hint">${d(`wallet.password.copies`)}</p>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${this.entry.id}">${d(`wallet.back`)}</a>
        ${this.submit(d(`wallet.password.do`),d(`wallet.password.doing`))}
      </div>
    </form>`}async submitted(e){if(e.preventDefault(),!this.querySelector(`input[name="password"]`)?.reportValidity())return;let t=this.querySelector(`ingam-new-password`),n=await t?.check();n&&await this.act(d(`wallet.password.doing`),async()=>{await(await S()).changePassword(this.entry.id,this.take(),n),t?.clear(),m(`#/c/${this.entry.id}`,`password`)})}};y([o({attribute:!1})],A.prototype,`entry`,void 0),i(`ingam-wallet-password`,A);var j=class extends C{render(){let{entry:e}=this;return s`<form class="stack" @submit=${this.submitted}>
      <h2>${d(`wallet.delete.title`)}</h2>
      ${this.refused()}
      ${b(e)}
      <p>${d(`wallet.delete.lost`)}</p>
      <ul>
        <li>${d(`wallet.delete.lost.key`)}</li>
        ${_(e)?``:s`<li>${d(`wallet.delete.lost.use`)}</li>`}
        <li>${d(`wallet.delete.lost.not`)}</li>
      </ul>
      <p><a href="#/c/${e.id}/export">${d(`wallet.delete.export-first`)}</a></p>
      <label class="check"><input type="checkbox" name="sure" required> <span>${d(`wallet.delete.sure`)}</span></label>
      <div class="actions">
        <a class="btn btn-secondary" href="#/c/${e.id}">${d(`wallet.back`)}</a>
        ${this.submit(d(`wallet.delete.do`),d(`wallet.deleting`),`danger`)}
      </div>
    </form>`}submitted(e){e.preventDefault(),this.act(d(`wallet.deleting`),async()=>{await(await S()).remove(this.entry.id),m(`#/`,`deleted`)})}};y([o({attribute:!1})],j.prototype,`entry`,void 0),i(`ingam-wallet-delete`,j);var M=class extends C{render(){return s`${this.refused()}
      <p><button class="btn btn-secondary" type="button" ?disabled=${this.busy} @click=${this.keep}>${d(`wallet.keep`)}</button></p>`}keep(){this.act(d(`wallet.saving`),async()=>{await(await S()).keep(this.entry.id),m(`#/c/${this.entry.id}`,`kept`)})}};y([o({attribute:!1})],M.prototype,`entry`,void 0),i(`ingam-wallet-keep`,M);function N(e){return s`
    <p><a href="#/">${d(`wallet.to-list`)}</a></p>
    <h2>${e.name}</h2>
    ${P(e)}
    ${b(e)}
    ${I(e)}
    ${L(e)}`}function P(e){if(e.temporary)return a(`info`,d(`wallet.temporary`),d(`wallet.temporary.do`),{actions:s`<ingam-wallet-keep .entry=${e}></ingam-wallet-keep>`});switch(v(e)){case`replaced`:return a(`info`,d(`wallet.replaced`),d(`wallet.replaced.do`),{actions:s`<p><a class="btn btn-secondary" href="#/c/${e.replacedBy}">${d(`wallet.replaced.by`)}</a></p>`});case`expired`:return a(`warning`,d(`wallet.expired`),d(`wallet.expired.do`),{actions:F(e)});case`expiring`:return a(`warning`,d(`wallet.expiring`),d(`wallet.expiring.do`),{actions:F(e)})}return e.lockedUntil?a(`warning`,d(`el.w.locked`),d(`el.w.locked.do`,{until:f(e.lockedUntil)})):e.encryption.weak?a(`info`,d(`wallet.weak`),d(`wallet.weak.do`)):n}function F({source:e}){return e===`issued`?s`<p><a class="btn btn-secondary" href="/advice">${d(`wallet.advice`)}</a></p>`:n}function I(e){let{id:t}=e,r=(e,t,n)=>s`<li><a class="row" href=${e}><span class="row-body"><span class="row-title">${t}</span><span class="row-text">${n}</span></span></a></li>`;return s`<ul class="list">
    ${_(e)?n:r(`/sign#${t}`,d(`wallet.sign`),d(`wallet.sign.hint`))}
    ${r(`#/c/${t}/export`,d(`wallet.export`),d(`wallet.export.hint`))}
    ${r(`#/c/${t}/password`,d(`wallet.password`),d(`wallet.password.hint`))}
    ${r(`#/c/${t}/name`,d(`wallet.name`),d(`wallet.name.hint`))}
    ${r(`#/c/${t}/delete`,d(`wallet.delete`),d(`wallet.delete.hint`))}
  </ul>`}function L(e){let t=e.certificate,n=(e,t)=>s`<div><dt>${e}</dt><dd>${t}</dd></div>`;return s`<details class="more">
    <summary>${d(`wallet.facts`)}</summary>
    <dl class="facts">
      ${n(d(`wallet.fact.owner`),x(t))}
      ${n(d(`wallet.fact.name`),t.subject)}
      ${n(d(`wallet.fact.issuer`),t.issuer)}
      ${n(d(`wallet.fact.from`),r(t.notBefore))}
      ${n(d(`wallet.fact.to`),r(t.notAfter))}
      ${n(d(`wallet.fact.serial`),s`<span class="fingerprint">${t.serial}</span>`)}
      ${n(d(`wallet.fact.fingerprint`),u(R(e),`…`))}
      ${n(d(`wallet.fact.added`),e.source===`issued`?d(`wallet.fact.issued-here`,{time:r(e.addedAt)}):d(`wallet.fact.imported`,{time:r(e.addedAt)}))}
      ${n(d(`wallet.fact.sealed`),d(`wallet.fact.sealed.how`,{scheme:z(e),rounds:e.encryption.iterations.toLocaleString(`en`)}))}
      ${n(d(`wallet.fact.r`),e.hasR?d(`wallet.fact.r.yes`):d(`wallet.fact.r.no`))}
    </dl>
    <p class="hint">${d(`wallet.offline-state`)}</p>
  </details>`}async function R({certificate:e}){let t=await e.fingerprint();return s`<ingam-copy label=${d(`wallet.fact.fingerprint`)}><span class="fingerprint">${t.match(/.{1,4}/g)?.join(` `)}</span></ingam-copy>`}function z({encryption:e}){switch(e.scheme){case`pbes2-aes256`:return`AES-256`;case`pbes2-aes128`:return`AES-128`;default:return`SEED`}}var B=class extends t{constructor(...e){super(...e),this.waiting=[],this.view=p(location.hash),this.pageTitle=document.title,this.turn=async()=>{this.view=p(location.hash),this.done=h(),await this.updateComplete;let e=this.querySelector(`h2`);document.title=this.view.at===`list`||!e?this.pageTitle:`${e.textContent.trim()} - ${this.pageTitle}`,scrollTo(0,0),await this.focusOn(this.done?`.notice`:`h2`)}}connectedCallback(){super.connectedCallback(),this.classList.add(`stack`),addEventListener(`hashchange`,this.turn),this.load()}disconnectedCallback(){super.disconnectedCallback(),removeEventListener(`hashchange`,this.turn),this.stop?.()}async load(){this.failure=void 0;try{this.wallet=await S(),this.stop?.(),this.stop=this.wallet.subscribe(()=>void this.read().catch(e=>{this.failure=e})),await this.read()}catch(e){this.failure=e}this.dataset.state=this.failure?`failed`:`ready`}async read(){let[e,t]=await Promise.all([this.wallet.list(),this.wallet.unfinished()]);this.entries=e,this.waiting=t}render(){return this.failure?c(this.failure,s`<p><button class="btn btn-secondary" type="button" @click=${()=>this.load()}>${d(`wallet.again`)}</button></p>`):this.entries?s`${this.said()}${this.body(this.entries)}`:s`<p class="hint" role="status">${d(`wallet.opening`)}</p>`}said(){switch(this.done){case`added`:return a(`success`,d(`wallet.done.added`),d(`wallet.done.added.do`));case`named`:return a(`success`,d(`wallet.done.named`));case`password`:return a(`success`,d(`wallet.done.password`),d(`wallet.done.password.do`));case`deleted`:return a(`success`,d(`wallet.done.deleted`));case`exported`:return a(`success`,d(`wallet.done.exported`),d(`wallet.done.exported.do`));case`discarded`:return a(`success`,d(`wallet.done.discarded`));case`kept`:return a(`success`,d(`wallet.done.kept`));default:return n}}body(e){let{view:t}=this;if(t.at===`list`)return s`${V(this.waiting)}${H(e,this.waiting.length>0)}`;if(t.at===`discard`)return s`<ingam-wallet-discard application=${t.application}></ingam-wallet-discard>`;if(t.at===`add`)return s`<ingam-wallet-add></ingam-wallet-add>`;let n=e.find(({id:e})=>e===t.id);if(!n)return a(`warning`,d(`el.w.gone`),d(`el.w.gone.do`),{actions:s`<p><a class="btn btn-secondary" href="#/">${d(`wallet.to-list`)}</a></p>`});switch(t.at){case`show`:return N(n);case`name`:return s`<ingam-wallet-name .entry=${n}></ingam-wallet-name>`;case`password`:return s`<ingam-wallet-password .entry=${n}></ingam-wallet-password>`;case`export`:return s`<ingam-wallet-export .entry=${n}></ingam-wallet-export>`;case`delete`:return s`<ingam-wallet-delete .entry=${n}></ingam-wallet-delete>`}}};y([l()],B.prototype,`entries`,void 0),y([l()],B.prototype,`waiting`,void 0),y([l()],B.prototype,`view`,void 0),y([l()],B.prototype,`failure`,void 0),y([l()],B.prototype,`done`,void 0);function V(e){return e.length?s`
    <h2>${d(`wallet.unfinished`,{n:e.length})}</h2>
    <p>${d(`wallet.unfinished.text`)}</p>
    <ul class="list" id="unfinished">${e.map(({application:e,ca:t,begunAt:n,replaces:i,note:a})=>s`<li>
      <div class="row">
        <div class="row-body">
          <span class="row-title">${d(i?`wallet.unfinished.renewal`:`wallet.unfinished.of`,{ca:t})}</span>
          <span class="row-text">${d(`wallet.unfinished.since`,{time:r(n)})}</span>
          <div class="row-actions">
            <a class="btn btn-secondary" href=${g(e,a)}>${d(`wallet.unfinished.go`)}</a>
            <a class="btn btn-quiet" href="#/u/${encodeURIComponent(e)}">${d(`wallet.unfinished.discard`)}</a>
          </div>
        </div>
      </div>
    </li>`)}</ul>`:n}function H(e,t){return!e.length&&!t?s`<div class="empty">
      <h2>${d(`wallet.empty`)}</h2>
      <p>${d(`wallet.empty.do`)}</p>
      <div class="row-actions">
        <a class="btn btn-primary" href="/apply">${d(`wallet.issue`)}</a>
        <a class="btn btn-secondary" href="#/add">${d(`wallet.add`)}</a>
      </div>
    </div>`:s`
    ${e.length?s`<h2>${d(`wallet.count`,{n:e.length})}</h2>
          ${W(e)}`:n}
    <p class="hint">${d(`wallet.here-only`)}</p>
    <div class="actions">
      <a class="btn btn-primary" href="#/add">${d(`wallet.add`)}</a>
      <a class="btn btn-secondary" href="/apply">${d(`wallet.issue`)}</a>
    </div>`}var U=5;function W(e){let t=e=>s`<ul class="cards">${e.map(e=>s`<li>${b(e,`#/c/${e.id}`)}</li>`)}</ul>`,n=e.filter(_);return e.length<=U||n.length<2||n.length===e.length?t(e):s`${t(e.filter(e=>!n.includes(e)))}
    <details class="more"><summary>${d(`wallet.over`,{n:n.length})}</summary>${t(n)}</details>`}i(`ingam-wallet`,B),e();