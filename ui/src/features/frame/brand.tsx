/** The mark: an octagon, barred. */
export function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className="flex-none">
      <path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" className="fill-ink" />
      <path d="M5.5 10h9" className="stroke-canvas" strokeWidth="2.25" strokeLinecap="round" />
    </svg>
  );
}
