// main.ts - what scripts add to pages that work without them: parts that refresh themselves (htmx),
// the focus on an error summary, keys in officers' lists, where a drawn process stands, files beside the answers, and touch screens left alone.
import htmx from 'htmx.org';
import { enterMovesOn } from './enter';
import { focusErrors } from './errors';
import { showStep } from './flow';
import { watchIdle } from './idle';
import { turnSlides } from './screen';
import { followKeys } from './keys';
import { refreshForms, restWhileHidden } from './refresh';
import { viewFiles } from './viewer';

// The content security policy allows neither inline styles nor code from strings.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages hold personal data: nothing of them stays in the browser
htmx.config.globalViewTransitions = false;

function start(): void {
  enterMovesOn(document);
  focusErrors(document);
  followKeys(document);
  showStep(document);
  refreshForms(document, htmx);
  restWhileHidden(document);
  watchIdle(document);
  turnSlides(document);
  viewFiles(document);
  document.addEventListener('htmx:afterSwap', (event) => {
    focusErrors(event.target as ParentNode);
    showStep(document);
  });
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
