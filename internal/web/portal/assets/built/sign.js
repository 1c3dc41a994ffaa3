import{_ as e,c as t,f as n,h as r,i,y as a}from"./shared-api.js";import{l as o,n as s,r as c,t as l}from"./shared-open.js";import{t as u}from"./shared-download.js";import{i as d,n as f,r as p,t as m}from"./shared-choose.js";var h=32<<20,g=class extends s{constructor(...e){super(...e),this.source=`text`,this.large=!1,this.again=()=>{this.result=void 0,this.dataset.state=`idle`}}connectedCallback(){super.connectedCallback(),this.act(t(`sign.opening`),async()=>{let e=await l(),t=async()=>{this.entries=await e.list(),this.chosen=f(this.entries,this.chosen??location.hash.replace(/^#\/?/,``))};e.subscribe(()=>void t()),await t()})}render(){if(!this.entries)return a`${this.refused()}${this.busy?a`<p class="hint" role="status">${t(`sign.opening`)}</p>`:e}`;if(this.result)return this.signed(this.result);if(!this.entries.length)return p();let n=this.entries.find(({id:e})=>e===this.chosen),r=n&&d(n);return a`<form class="stack" @submit=${this.submitted}>
      ${this.refused()}
      ${this.content()}
      ${m(this.entries,this.chosen,e=>{this.chosen=e,this.failure=void 0})}
      ${r??this.passwordField()}
      <div class="actions">
        ${this.submit(t(`sign.do`),t(`sign.signing`))}
      </div>
    </form>`}content(){let n=(e,t)=>a`<label class="choice">
      <input type="radio" name="source" value=${e} .checked=${this.source===e} @change=${()=>{this.source=e}}>
      <span class="choice-title">${t}</span></label>`;return a`<fieldset class="choices">
        <legend>${t(`sign.what`)}</legend>
        ${n(`text`,t(`sign.text`))}${n(`file`,t(`sign.file`))}
      </fieldset>
      <div class="field" ?hidden=${this.source!==`text`}>
        <label for="text">${t(`sign.text.label`)}</label>
        <textarea id="text" name="text" rows="6" maxlength="100000" ?required=${this.source===`text`}></textarea>
      </div>
      <div class="field" ?hidden=${this.source!==`file`}>
        <label for="file">${t(`sign.file.label`)}</label>
        <input id="file" name="file" type="file" ?required=${this.source===`file`} aria-describedby="file-hint"
          aria-invalid=${this.large?`true`:e}>
        <p class="hint" id="file-hint">${t(`sign.file.hint`)}</p>
        ${this.large?a`<p class="error" role="alert">${t(`sign.file.large`)}</p>`:e}
        <label class="check"><input type="checkbox" name="detached"> <span>${t(`sign.detached`)}</span></label>
      </div>`}submitted(e){e.preventDefault();let n=this.entries?.find(({id:e})=>e===this.chosen);if(!n)return;if(d(n)){this.focusOn(`.notice-danger`);return}let r=this.source===`file`?this.querySelector(`#file`)?.files?.[0]:void 0;if(this.large=!!r&&r.size>h,this.large)return;let i=this.querySelector(`#text`)?.value??``,a=!!r&&!!this.querySelector(`input[name="detached"]`)?.checked,o=this.take();this.act(t(`sign.signing`),async()=>{let e=r?new Uint8Array(await r.arrayBuffer()):i,t=new Date,s=await(await l()).sign(n.id,o,e,{attributes:!0,signingTime:t,withChain:!0,detached:a});this.result={message:s,at:t,detached:a,owner:n.certificate.owner||n.certificate.cn,name:r?`${r.name}.${a?`p7s`:`p7m`}`:`signed.p7m`,what:r?r.name:i},this.dataset.state=`signed`,await this.focusOn(`h2`)})}signed(e){return a`
      <div class="sealed"><div class="seal seal-press" aria-hidden="true"></div>
      <h2>${t(`sign.done`)}</h2></div>
      <dl class="facts">
        <div><dt>${t(`sign.done.what`)}</dt><dd>${e.what.length>80?e.what.slice(0,80)+`…`:e.what}</dd></div>
        <div><dt>${t(`sign.done.who`)}</dt><dd>${e.owner}</dd></div>
        <div><dt>${t(`sign.done.when`)}</dt><dd>${n(e.at)}</dd></div>
      </dl>
      <p>${e.detached?t(`sign.done.detached`):t(`sign.done.attached`)}</p>
      <div class="actions">
        <button class="btn btn-primary" type="button" @click=${()=>u(e.message,e.name,`application/pkcs7-mime`)}>${t(`sign.download`)}</button>
        <ingam-copy value=${i(e.message)} label=${t(`sign.copy`)}></ingam-copy>
        <button class="btn btn-quiet" type="button" @click=${this.again}>${t(`sign.again`)}</button>
      </div>
      <p><a href="/verify">${t(`sign.verify`)}</a></p>`}};c([o()],g.prototype,`entries`,void 0),c([o()],g.prototype,`chosen`,void 0),c([o()],g.prototype,`source`,void 0),c([o()],g.prototype,`result`,void 0),c([o()],g.prototype,`large`,void 0),r(`ingam-sign`,g);