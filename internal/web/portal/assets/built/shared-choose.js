import{D as e,E as t,_ as n,c as r,x as i}from"./shared-base.js";import{a,l as o,s,u as c}from"./shared-open.js";function l(r,i,a){let o=[...r].sort((e,t)=>Number(p(t))-Number(p(e))),s=o.findIndex(({id:e})=>e===i),c=o.length>u?Math.max(u-1,s+1):o.length,l=o.slice(c);return e`<fieldset class="choices">
    <legend>${n(`el.keep.choose`)}</legend>
    ${o.slice(0,c).map(e=>d(e,i,a))}
    ${l.length?e`<details class="more"><summary>${n(`el.keep.more`,{n:l.length})}</summary>
          <div class="choices">${l.map(e=>d(e,i,a))}</div></details>`:t}
  </fieldset>`}var u=5;function d(t,n,r){return e`<label class="choice">
      <input type="radio" name="certificate" value=${t.id} required .checked=${t.id===n} @change=${()=>r(t.id)}>
      <span><span class="choice-title">${t.name} ${a(t.certificate)}</span>
        <span class="choice-text">${s(t.certificate)} · ${t.ca} · ${c(t.certificate)}</span></span>
    </label>`}function f(e,t){return(e.find(({id:e})=>e===t)??e.find(e=>p(e))??e[0])?.id}function p({certificate:e}){let t=o(e);return t===`valid`||t===`expiring`}function m(t){let a=o(t.certificate);if(a===`expired`)return r(`danger`,n(`el.w.expired`),n(`el.w.expired.do`),{actions:e`<p><a class="btn btn-secondary" href="/apply">${n(`el.keep.issue`)}</a></p>`});if(a===`future`)return r(`danger`,n(`el.keep.future`),n(`el.keep.future.do`,{time:i(t.certificate.notBefore)}))}function h(){return e`<div class="empty">
    <h2>${n(`el.keep.none`)}</h2>
    <p>${n(`el.keep.none.do`)}</p>
    <div class="row-actions">
      <a class="btn btn-primary" href="/wallet#/add">${n(`el.keep.import`)}</a>
      <a class="btn btn-secondary" href="/apply">${n(`el.keep.issue`)}</a>
    </div>
  </div>`}export{m as i,f as n,h as r,l as t};