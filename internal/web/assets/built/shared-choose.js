import{A as e,b as t,c as n,j as r,w as i}from"./shared-base.js";import{c as a,l as o,o as s,r as c}from"./shared-open.js";function l(n,i,a){let o=[...n].sort((e,t)=>Number(p(t))-Number(p(e))),s=o.findIndex(({id:e})=>e===i),c=o.length>u?Math.max(u-1,s+1):o.length,l=o.slice(c);return r`<fieldset class="choices">
    <legend>${t(`el.keep.choose`)}</legend>
    ${o.slice(0,c).map(e=>d(e,i,a))}
    ${l.length?r`<details class="more"><summary>${t(`el.keep.more`,{n:l.length})}</summary>
          <div class="choices">${l.map(e=>d(e,i,a))}</div></details>`:e}
  </fieldset>`}var u=5;function d(e,t,n){return r`<label class="choice">
      <input type="radio" name="certificate" value=${e.id} required .checked=${e.id===t} @change=${()=>n(e.id)}>
      <span><span class="choice-title">${e.name} ${c(e)}</span>
        <span class="choice-text">${s(e.certificate)} · ${e.ca} · ${o(e)}</span></span>
    </label>`}function f(e,t){return(e.find(({id:e})=>e===t)??e.find(e=>p(e))??e[0])?.id}function p(e){let t=a(e);return t===`valid`||t===`expiring`}function m(e){let o=a(e);if(o===`replaced`)return n(`danger`,t(`el.keep.replaced`),t(`el.keep.replaced.do`));if(o===`expired`)return n(`danger`,t(`el.w.expired`),t(`el.w.expired.do`),{actions:r`<p><a class="btn btn-secondary" href="/apply">${t(`el.keep.issue`)}</a></p>`});if(o===`future`)return n(`danger`,t(`el.keep.future`),t(`el.keep.future.do`,{time:i(e.certificate.notBefore)}))}function h(){return r`<div class="empty">
    <h2>${t(`el.keep.none`)}</h2>
    <p>${t(`el.keep.none.do`)}</p>
    <div class="row-actions">
      <a class="btn btn-primary" href="/wallet#/add">${t(`el.keep.import`)}</a>
      <a class="btn btn-secondary" href="/apply">${t(`el.keep.issue`)}</a>
    </div>
  </div>`}export{m as i,f as n,h as r,l as t};