// dmn.ts - the editor of decision tables on the draft page: diagram, tables and expressions of dmn-js
// over the text that the page has already. Saving is the page's own form; without scripts the text
// itself is there.
import Modeler from 'dmn-js/lib/Modeler';
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn-embedded.css';
import './dmn.css';
import { dmnWords } from './dmn_words';

interface Entry { text?: string }
interface Rule { inputEntry?: Entry[]; outputEntry?: Entry[] }
interface View { type: string; element: { id: string; name?: string } }
interface Editor {
  importXML(xml: string, options: { open: boolean }): Promise<unknown>;
  getDefinitions(): { drgElement?: { decisionLogic?: { rule?: Rule[] } }[] };
  saveXML(options: { format: boolean }): Promise<{ xml: string }>;
  getViews(): View[];
  getActiveView(): View | undefined;
  open(view: View): Promise<unknown>;
  on(event: string, listener: () => void): void;
}

function translate(template: string, values: Record<string, string> = {}): string {
  const text = document.documentElement.lang === 'en' ? template : (dmnWords[template] ?? template);
  return text.replace(/\{([^}]+)\}/g, (_, name: string) => values[name] ?? `{${name}}`);
}

/** One button a decision, and one for the diagram: dmn-js has none of its own. */
function showViews(editor: Editor, bar: HTMLElement): void {
  const active = editor.getActiveView();
  bar.replaceChildren(...editor.getViews().map((view) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'chip';
    button.textContent = view.type === 'drd' ? (bar.dataset.drd ?? '') : (view.element.name || view.element.id);
    if (active && active.element === view.element && active.type === view.type) button.setAttribute('aria-current', 'page');
    button.addEventListener('click', () => void editor.open(view));
    return button;
  }));
}

/** The table view fails on a cell whose text element is empty: it is given the empty text that it has. */
function fillEmptyCells(editor: Editor): void {
  for (const element of editor.getDefinitions().drgElement ?? [])
    for (const rule of element.decisionLogic?.rule ?? [])
      for (const entry of [...rule.inputEntry ?? [], ...rule.outputEntry ?? []])
        entry.text ??= '';
}

async function start(place: HTMLElement): Promise<void> {
  const text = document.querySelector<HTMLTextAreaElement>('textarea[name="source"]');
  const bar = document.querySelector<HTMLElement>('[data-views]');
  const form = text?.form;
  if (!text || !bar || !form) return;
  const modules = { additionalModules: [{ translate: ['value', translate] }] };
  const editor = new Modeler({ container: place, drd: modules, decisionTable: modules, literalExpression: modules,
    keyboard: { bindTo: document } }) as unknown as Editor;
  try {
    await editor.importXML(text.value, { open: false });
    fillEmptyCells(editor);
  } catch {
    return; // what cannot be drawn is mended as text; the checks on the page say where
  }
  place.hidden = bar.hidden = false;
  let isTyped = false;
  text.addEventListener('input', () => { isTyped = true; });
  const table = editor.getViews().find((view) => view.type === 'decisionTable');
  editor.on('views.changed', () => showViews(editor, bar));
  const first = table ?? editor.getViews()[0];
  if (first) await editor.open(first);
  showViews(editor, bar);
  place.dataset.ready = 'yes';
  form.addEventListener('submit', (event) => {
    const file = form.querySelector<HTMLInputElement>('input[name="file"]');
    if (isTyped || file?.files?.length || place.dataset.saved) return;
    event.preventDefault();
    void editor.saveXML({ format: true }).then(({ xml }) => {
      text.value = xml;
      place.dataset.saved = 'yes';
      setTimeout(() => form.requestSubmit()); // not while the form still tells of the first try
    });
  });
}

const place = document.querySelector<HTMLElement>('[data-editor="dmn"]');
if (place) void start(place);
