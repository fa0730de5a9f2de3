// flow.ts - a drawing that is wider than its frame is shown where the dossier stands.

export function showStep(root: ParentNode): void {
  for (const frame of root.querySelectorAll('.flow-frame')) {
    const step = frame.querySelector('.is-now')?.getBoundingClientRect();
    if (!step) continue;
    const around = frame.getBoundingClientRect();
    frame.scrollLeft += step.left + step.width / 2 - (around.left + around.width / 2);
    frame.scrollTop += step.top + step.height / 2 - (around.top + around.height / 2);
  }
}
