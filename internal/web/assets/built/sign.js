import{O as e,S as t,T as n,k as r,p as i,r as a,v as o}from"./shared-base.js";import{d as s,f as c,s as l,t as u,u as d}from"./shared-open.js";import{t as f}from"./shared-download.js";import{i as p,n as m,r as h,t as g}from"./shared-choose.js";var _=1e5,v=32<<20,y=class extends d{constructor(...e){super(...e),this.source=`text`,this.large=!1,this.again=()=>{this.result=void 0,this.dataset.state=`idle`}}connectedCallback(){super.connectedCallback(),this.act(o(`sign.opening`),async()=>{let e=await u(),t=async()=>{this.entries=await e.list(),this.chosen=m(this.entries,this.chosen??location.hash.replace(/^#\/?/,``))};e.subscribe(()=>void t()),await t()})}render(){if(!this.entries)return r`${this.refused()}${this.busy?r`<p class="hint" role="status">${o(`sign.opening`)}</p>`:e}`;if(this.result)return this.signed(this.result);if(!this.entries.length)return h();let t=this.entries.find(({id:e})=>e===this.chosen),n=t&&p(t);return r`<form class="stack" @submit=${this.submitted}>
      ${this.refused()}
      ${this.content()}
      ${g(this.entries,this.chosen,e=>{this.chosen=e,this.failure=void 0})}
      ${n??this.passwordField()}
      <div class="actions">
        ${this.submit(o(`sign.do`),o(`sign.signing`))}
      </div>
    </form>`}content(){let t=(e,t)=>r`<label class="choice">
      <input type="radio" name="source" value=${e} .checked=${this.source===e} @change=${()=>{this.source=e}}>
      <span class="choice-title">${t}</span></label>`;return r`<fieldset class="choices">
        <legend>${o(`sign.what`)}</legend>
        ${t(`text`,o(`sign.text`))}${t(`file`,o(`sign.file`))}
      </fieldset>
      <div class="field" ?hidden=${this.source!==`text`}>
        <label for="text">${o(`sign.text.label`)}</label>
        <textarea id="text" name="text" rows="6" maxlength="100000" ?required=${this.source===`text`}></textarea>
      </div>
      <div class="field" ?hidden=${this.source!==`file`}>
        <label for="file">${o(`sign.file.label`)}</label>
        <input id="file" name="file" type="file" ?required=${this.source===`file`} aria-describedby="file-hint"
          aria-invalid=${this.large?`true`:e}>
        <p class="hint" id="file-hint">${o(`sign.file.hint`)}</p>
        ${this.large?r`<p class="error" role="alert">${o(`sign.file.large`)}</p>`:e}
      </div>
      <label class="check" ?hidden=${this.source!==`file`}><input type="checkbox" name="detached"> <span>${o(`sign.detached`)}</span></label>`}submitted(e){e.preventDefault();let t=this.entries?.find(({id:e})=>e===this.chosen);if(!t)return;if(p(t)){this.focusOn(`.notice-danger`);return}let n=this.source===`file`?this.querySelector(`#file`)?.files?.[0]:void 0;if(this.large=!!n&&n.size>v,this.large)return;let r=this.querySelector(`#text`)?.value??``,a=!!n&&!!this.querySelector(`input[name="detached"]`)?.checked,s=this.take();this.act(o(`sign.signing`),async()=>{let e=n?new Uint8Array(await n.arrayBuffer()):r,o=new Date(c()),d=await(await u()).sign(t.id,s,e,{attributes:!0,signingTime:o,withChain:!0,detached:a});this.result={message:d,at:o,detached:a,owner:l(t.certificate),name:n?`${n.name}.${a?`p7s`:`p7m`}`:`signed.p7m`,what:n?n.name:r,...d.length<=_&&{text:i(d)}},this.dataset.state=`signed`,await this.focusOn(`h2`)})}signed(n){return r`
      <div class="sealed"><div class="seal seal-press" aria-hidden="true"></div>
      <h2>${o(`sign.done`)}</h2></div>
      <dl class="facts">
        <div><dt>${o(`sign.done.what`)}</dt><dd>${n.what.length>80?n.what.slice(0,80)+`…`:n.what}</dd></div>
        <div><dt>${o(`sign.done.who`)}</dt><dd>${n.owner}</dd></div>
        <div><dt>${o(`sign.done.when`)}</dt><dd>${t(n.at)}</dd></div>
      </dl>
      <p>${n.detached?o(`sign.done.detached`):o(`sign.done.attached`)}</p>
      <div class="actions">
        <button class="btn btn-primary" type="button" @click=${()=>f(n.message,n.name,`application/pkcs7-mime`)}>${o(`sign.download`)}</button>
      </div>
      <div class="row-actions">
        ${n.text?r`<ingam-copy value=${n.text} label=${o(`sign.copy`)}></ingam-copy>`:e}
        <button class="btn btn-quiet" type="button" @click=${this.again}>${o(`sign.again`)}</button>
      </div>
      <p><a href="/verify">${o(`sign.verify`)}</a></p>`}};s([a()],y.prototype,`entries`,void 0),s([a()],y.prototype,`chosen`,void 0),s([a()],y.prototype,`source`,void 0),s([a()],y.prototype,`result`,void 0),s([a()],y.prototype,`large`,void 0),n(`ingam-sign`,y);