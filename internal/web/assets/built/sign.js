import{A as e,D as t,b as n,j as r,n as i,p as a,w as o}from"./shared-base.js";import{d as s,f as c,s as l,t as u,u as d}from"./shared-open.js";import{t as f}from"./shared-download.js";import{i as p,n as m,r as h,t as g}from"./shared-choose.js";var _=1e5,v=32<<20,y=class extends d{constructor(...e){super(...e),this.source=`text`,this.large=!1,this.again=()=>{this.result=void 0,this.dataset.state=`idle`}}connectedCallback(){super.connectedCallback(),this.act(n(`sign.opening`),async()=>{let e=await u(),t=async()=>{this.entries=await e.list(),this.chosen=m(this.entries,this.chosen??location.hash.replace(/^#\/?/,``))};e.subscribe(()=>void t()),await t()})}render(){if(!this.entries)return r`${this.refused()}${this.busy?r`<p class="hint" role="status">${n(`sign.opening`)}</p>`:e}`;if(this.result)return this.signed(this.result);if(!this.entries.length)return h();let t=this.entries.find(({id:e})=>e===this.chosen),i=t&&p(t);return r`<form class="stack" @submit=${this.submitted}>
      ${this.refused()}
      ${this.content()}
      ${g(this.entries,this.chosen,e=>{this.chosen=e,this.failure=void 0})}
      ${i??this.passwordField()}
      <div class="actions">
        ${this.submit(n(`sign.do`),n(`sign.signing`))}
      </div>
    </form>`}content(){let t=(e,t)=>r`<label class="choice">
      <input type="radio" name="source" value=${e} .checked=${this.source===e} @change=${()=>{this.source=e}}>
      <span class="choice-title">${t}</span></label>`;return r`<fieldset class="choices">
        <legend>${n(`sign.what`)}</legend>
        ${t(`text`,n(`sign.text`))}${t(`file`,n(`sign.file`))}
      </fieldset>
      <div class="field" ?hidden=${this.source!==`text`}>
        <label for="text">${n(`sign.text.label`)}</label>
        <textarea id="text" name="text" rows="6" maxlength="100000" ?required=${this.source===`text`}></textarea>
      </div>
      <div class="field" ?hidden=${this.source!==`file`}>
        <label for="file">${n(`sign.file.label`)}</label>
        <input id="file" name="file" type="file" ?required=${this.source===`file`} aria-describedby="file-hint"
          aria-invalid=${this.large?`true`:e}>
        <p class="hint" id="file-hint">${n(`sign.file.hint`)}</p>
        ${this.large?r`<p class="error" role="alert">${n(`sign.file.large`)}</p>`:e}
      </div>
      <label class="check" ?hidden=${this.source!==`file`}><input type="checkbox" name="detached"> <span>${n(`sign.detached`)}</span></label>`}submitted(e){e.preventDefault();let t=this.entries?.find(({id:e})=>e===this.chosen);if(!t)return;if(p(t)){this.focusOn(`.notice-danger`);return}let r=this.source===`file`?this.querySelector(`#file`)?.files?.[0]:void 0;if(this.large=!!r&&r.size>v,this.large)return;let i=this.querySelector(`#text`)?.value??``,o=!!r&&!!this.querySelector(`input[name="detached"]`)?.checked,s=this.take();this.act(n(`sign.signing`),async()=>{let e=r?new Uint8Array(await r.arrayBuffer()):i,n=new Date(c()),d=await(await u()).sign(t.id,s,e,{attributes:!0,signingTime:n,withChain:!0,detached:o});this.result={message:d,at:n,detached:o,owner:l(t.certificate),name:r?`${r.name}.${o?`p7s`:`p7m`}`:`signed.p7m`,what:r?r.name:i,...d.length<=_&&{text:a(d)}},this.dataset.state=`signed`,await this.focusOn(`h2`)})}signed(t){return r`
      <div class="sealed"><div class="seal seal-press" aria-hidden="true"></div>
      <h2>${n(`sign.done`)}</h2></div>
      <dl class="facts">
        <div><dt>${n(`sign.done.what`)}</dt><dd>${t.what.length>80?t.what.slice(0,80)+`…`:t.what}</dd></div>
        <div><dt>${n(`sign.done.who`)}</dt><dd>${t.owner}</dd></div>
        <div><dt>${n(`sign.done.when`)}</dt><dd>${o(t.at)}</dd></div>
      </dl>
      <p>${t.detached?n(`sign.done.detached`):n(`sign.done.attached`)}</p>
      <div class="actions">
        <button class="btn btn-primary" type="button" @click=${()=>f(t.message,t.name,`application/pkcs7-mime`)}>${n(`sign.download`)}</button>
      </div>
      <div class="row-actions">
        ${t.text?r`<ingam-copy value=${t.text} label=${n(`sign.copy`)}></ingam-copy>`:e}
        <button class="btn btn-quiet" type="button" @click=${this.again}>${n(`sign.again`)}</button>
      </div>
      <p><a href="/verify">${n(`sign.verify`)}</a></p>`}};s([i()],y.prototype,`entries`,void 0),s([i()],y.prototype,`chosen`,void 0),s([i()],y.prototype,`source`,void 0),s([i()],y.prototype,`result`,void 0),s([i()],y.prototype,`large`,void 0),t(`ingam-sign`,y);