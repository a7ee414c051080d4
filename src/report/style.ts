/** The style sheet, in order of the page: ground, masthead, headline, figures, tables, footers, phone, print.
 *  Serif for words, sans with tabular figures for numbers; system fonts only. Colours come from theme.ts. */

const GROUND = `
:root{--serif:Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Georgia,"Liberation Serif",serif;
--sans:-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;
--mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.55 var(--serif);font-variant-numeric:oldstyle-nums;counter-reset:figure table}
.page{max-width:56rem;margin:0 auto;padding:3.5rem 1.5rem 6rem}
h1,h2,h3,p,ul,dl,dd,figure{margin:0;padding:0}
h1,h2,h3{font-weight:600;line-height:1.2;text-wrap:balance}
ul{list-style:none}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.18em}
code{font-family:var(--mono);font-size:.86em;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
html:not(.scripted) .needs-script{display:none}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.3rem .6rem;z-index:3}
button{font:500 .8125rem/1 var(--sans);color:var(--muted);background:none;border:1px solid var(--hairline);border-radius:3px;padding:.4rem .65rem;cursor:pointer}
button:hover{color:var(--ink);border-color:var(--muted)}`;

const MASTHEAD = `
.kicker{display:flex;align-items:center;gap:1rem;font:600 .75rem/1 var(--sans);letter-spacing:.08em;text-transform:uppercase;color:var(--muted);border-top:2px solid var(--ink);padding-top:.85rem;margin-bottom:2.75rem}
.kicker span+span{font-weight:400}
.kicker button{margin-left:auto}
h1{font-size:2.5rem;letter-spacing:-.012em;overflow-wrap:anywhere}
.subtitle{font-size:1.25rem;margin-top:.45rem;overflow-wrap:anywhere}
.description{margin-top:.6rem;max-width:44rem;overflow-wrap:anywhere}
.against{font-style:italic;color:var(--muted)}
.facts{display:flex;flex-wrap:wrap;margin-top:.9rem;font:.875rem/1.5 var(--sans);font-variant-numeric:tabular-nums;color:var(--muted)}
.facts li:not(:last-child)::after{content:"·";margin:0 .6em}
.notice,.warnings{margin-top:1.25rem;font:.9rem/1.5 var(--sans);color:var(--notice);background:var(--notice-ground);border:1px solid var(--notice-line);border-radius:3px;padding:.6rem .8rem}
.badge{display:inline-block;font-size:.75rem;letter-spacing:.06em;text-transform:uppercase;margin-right:.6em}
.ruin{color:var(--loss);background:none;border-color:var(--loss)}
.warnings h2{font:600 .8125rem/1.5 var(--sans)}
.warnings li{margin-top:.2rem;padding-left:1em;text-indent:-1em;overflow-wrap:anywhere}
.warnings li::before{content:"– "}
.warnings details{margin-top:.4rem}`;

const HEADLINE = `
.headline{margin-top:2.5rem}
.abstract{font-size:1.1875rem;line-height:1.5;max-width:44rem;text-wrap:pretty;overflow-wrap:anywhere}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);margin-top:2.25rem;border-top:1px solid var(--hairline);border-bottom:1px solid var(--hairline)}
.tiles div{padding:1rem .5rem 1rem 1rem;border-left:1px solid var(--hairline);min-width:0}
.tiles div:first-child{padding-left:0;border-left:0}
.tiles dt{font:.8125rem/1.3 var(--sans);color:var(--muted)}
.tiles .value{font:600 1.3125rem/1.3 var(--sans);font-variant-numeric:tabular-nums;letter-spacing:-.01em;margin-top:.35rem;white-space:nowrap}
.tiles .beneath{font:.8125rem/1.3 var(--sans);font-variant-numeric:tabular-nums;color:var(--muted);margin-top:.2rem}
.tiles-note{font:.8125rem/1.5 var(--sans);color:var(--muted);margin-top:.5rem}
.contents{margin-top:2.25rem;font:.875rem/1.9 var(--sans)}
.contents ul{display:flex;flex-wrap:wrap;column-gap:1.4rem}
.contents a{color:var(--muted);text-decoration:none}
.contents a:hover{color:var(--accent);text-decoration:underline}`;

const FIGURES = `
.part{margin-top:3.5rem}
.part>h2{font-size:1.5rem;padding-bottom:.45rem;border-bottom:1px solid var(--hairline);margin-bottom:1.5rem}
.figure{counter-increment:figure;margin-top:2.25rem}
.part>h2+.figure{margin-top:0}
.figure-head{display:flex;flex-wrap:wrap;align-items:baseline;gap:.35rem 1.5rem;margin-bottom:.7rem;min-height:1.75rem}
.figure-head h3{font:600 .9375rem/1.4 var(--sans)}
.legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;font:.8125rem/1.5 var(--sans);color:var(--muted)}
.legend li{overflow-wrap:anywhere}
.key{display:inline-block;width:1.1em;margin-right:.45em;vertical-align:.22em;border-top:2px solid var(--key)}
.key.dash{border-top-style:dashed}
.key.dot{border-top-style:dotted}
.key.area{border:0;height:.65em;width:.65em;border-radius:1px;background:var(--key);vertical-align:0}
.switch{margin-left:auto;display:flex}
.switch button{border-radius:0;margin-left:-1px}
.switch button:first-child{border-radius:3px 0 0 3px}
.switch button:last-child{border-radius:0 3px 3px 0}
.switch button[aria-pressed=true]{color:var(--paper);background:var(--ink);border-color:var(--ink);position:relative}
.chart{position:relative;touch-action:pan-y}
.chart svg{display:block;max-width:100%;height:auto;overflow:visible}
.chart .static svg{width:100%}
.chart svg text{font-family:var(--sans)!important;font-variant-numeric:tabular-nums}
.static.narrow{display:none}
figcaption{font:.8125rem/1.5 var(--sans);color:var(--muted);margin-top:.6rem;max-width:46rem;text-wrap:pretty;overflow-wrap:anywhere}
figcaption::before{content:"Figure " counter(figure) ". ";font-weight:600;color:var(--ink)}
.readout{position:fixed;left:0;top:0;z-index:2;pointer-events:none;min-width:9rem;max-width:min(20rem,92vw);background:var(--raised);color:var(--ink);border:1px solid var(--hairline);border-radius:4px;box-shadow:0 2px 10px rgb(0 0 0/.12);padding:.45rem .6rem;font:.8125rem/1.45 var(--sans);font-variant-numeric:tabular-nums}
.readout[hidden]{display:none}
.readout-title{font-weight:600;margin-bottom:.15rem}
.readout-line{display:flex;align-items:baseline;gap:.45em}
.swatch{flex:none;width:.6em;height:.6em;border-radius:1px}
.readout-label{color:var(--muted);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.readout-value{margin-left:auto;padding-left:1em;white-space:nowrap}`;

const TABLES = `
.table{margin-top:1.75rem}
.part>h2+.table,.metrics .table{margin-top:0}
.table-box{overflow-x:auto}
.numbered{counter-increment:table}
table{width:100%;border-collapse:collapse;font:.875rem/1.45 var(--sans);font-variant-numeric:tabular-nums lining-nums}
.caption{font:.8125rem/1.5 var(--sans);color:var(--muted);padding-bottom:.6rem;text-wrap:pretty;overflow-wrap:anywhere}
.caption::before{content:"Table " counter(table) ". ";font-weight:600;color:var(--ink)}
th,td{padding:.32rem .9rem .32rem 0;text-align:left;vertical-align:baseline;font-weight:400;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right}
.prose{white-space:normal;min-width:15rem;overflow-wrap:anywhere}
thead th{font-weight:600;font-size:.8125rem;border-bottom:1px solid var(--ink);vertical-align:bottom}
tbody tr+tr>*{border-top:1px solid var(--grid)}
tbody:last-child tr:last-child>*{border-bottom:1px solid var(--hairline)}
.group th{font-weight:600;padding-top:1.1rem}
tbody .group+tr>*{border-top:1px solid var(--hairline)}
.number+:not(.number){padding-left:1.1rem}
.number+.number{padding-left:.4rem}
.metrics td:last-child{white-space:normal;min-width:16rem}
.describe{color:var(--muted);font-size:.8125rem}
.absent::before{content:"·";color:var(--muted)}
.plain table{font-size:.8125rem}`;

const FOOTERS = `
.pairs{display:grid;grid-template-columns:repeat(2,1fr);column-gap:2.5rem;font:.875rem/1.45 var(--sans);font-variant-numeric:tabular-nums}
.pairs.long{grid-template-columns:1fr}
.pairs div{display:flex;gap:1rem;justify-content:space-between;padding:.32rem 0;border-bottom:1px solid var(--grid)}
.pairs.long div{justify-content:flex-start}
.pairs dt{color:var(--muted);flex:none}
.pairs.long dt{width:7rem}
.pairs dd{text-align:right;min-width:0;overflow-wrap:anywhere}
.pairs.long dd{text-align:left}
.notes{margin-top:1.25rem;font-size:1rem}
.notes li{padding-left:1em;text-indent:-1em;margin-top:.3rem;overflow-wrap:anywhere}
.notes li::before{content:"– "}
details{margin-top:1rem;font:.875rem/1.45 var(--sans)}
details+details{margin-top:.35rem}
summary{cursor:pointer;color:var(--accent);padding:.15rem 0}
details .table{margin:.4rem 0 1rem}
details .table-box{max-height:26rem;overflow-y:auto}
.config{margin:.5rem 0 0;padding:1rem;background:var(--raised);border:1px solid var(--hairline);border-radius:3px;overflow:auto;max-height:34rem;line-height:1.5}
.config code{overflow-wrap:normal}
.fine{margin-top:2rem;font-size:.9375rem;font-style:italic;color:var(--muted)}`;

const PHONE = `
@media (max-width:46rem){
.tiles{grid-template-columns:repeat(3,1fr)}
.tiles div:nth-child(3n+1){padding-left:0;border-left:0}
.tiles div:nth-child(n+4){border-top:1px solid var(--hairline)}
.pairs{grid-template-columns:1fr}}
@media (max-width:34rem){
.page{padding:1.5rem 1.1rem 4rem}
.kicker{margin-bottom:1.75rem}
h1{font-size:1.875rem}
.subtitle{font-size:1.125rem}
.abstract{font-size:1.0625rem}
.tiles{grid-template-columns:repeat(2,1fr)}
.tiles div,.tiles div:nth-child(3n+1){padding-left:1rem;border-left:1px solid var(--hairline)}
.tiles div:nth-child(2n+1){padding-left:0;border-left:0}
.tiles div:nth-child(n+3){border-top:1px solid var(--hairline)}
.switch{margin-left:0}
.static.wide{display:none}
.static.narrow{display:block}
.pairs.long div{display:block}
th,td{padding-right:.7rem}
.metrics tr{display:flex;flex-wrap:wrap;align-items:baseline}
.metrics tr>:first-child{flex:1 1 0;white-space:normal;padding-bottom:.1rem}
.metrics .number{flex:0 0 6.3rem;white-space:normal;overflow-wrap:anywhere;padding:.32rem 0 .1rem .5rem}
.metrics tbody td:last-child{flex:1 0 100%;padding:0 0 .4rem;border-top:0!important}
.metrics tbody:last-child tr:last-child>:not(:last-child){border-bottom:0}
.metrics thead tr{align-items:end;border-bottom:1px solid var(--ink)}
.metrics thead th{border:0}
.metrics thead th:last-child{display:none}}`;

const PRINT = `
@media print{
@page{margin:18mm 16mm}
body{font-size:10pt}
.page{max-width:none;padding:0}
.contents,.switch,.theme,.skip,.readout{display:none!important}
.part{margin-top:1.6rem}
.figure,.tiles,tr,.notice{break-inside:avoid}
h2,h3,.figure-head,.caption{break-after:avoid}
details:not([open]){display:none}
.table-box,.config,details .table-box{overflow:visible;max-height:none}
a{color:inherit;text-decoration:none}}`;

export const STYLE: string = [GROUND, MASTHEAD, HEADLINE, FIGURES, TABLES, FOOTERS, PHONE, PRINT].join("\n");
