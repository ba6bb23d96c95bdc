import { Plus, X } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "@/lib/cx";

interface ChipProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "value"> {
  ref?: Ref<HTMLButtonElement>;
}

/** A filter in force: name, value, and a button that takes it away. The body opens its editor when `onClick` is given. */
export function FilterChip({
  label,
  value,
  icon,
  onRemove,
  removeLabel,
  className,
  ...rest
}: ChipProps & { label: string; value?: ReactNode; icon?: ReactNode; onRemove?: () => void; removeLabel?: string }) {
  return (
    <span
      className={cx(
        "inline-flex h-6 items-center whitespace-nowrap rounded-md border border-line-2 bg-surface text-cap text-ink-2",
        className,
      )}
    >
      <button
        type="button"
        className="inline-flex h-full items-center gap-1.5 rounded-md px-2 [&_svg]:text-ink-3"
        {...rest}
      >
        {icon}
        {label}
        {value !== undefined ? <b className="font-medium text-ink">{value}</b> : null}
      </button>
      {onRemove ? (
        <button
          type="button"
          onClick={onRemove}
          aria-label={removeLabel}
          className="-ml-1 inline-flex size-6 items-center justify-center rounded-md text-ink-3 hover:text-ink"
        >
          <X size={12} strokeWidth={2.1} aria-hidden="true" />
        </button>
      ) : null}
    </span>
  );
}

/** Dashed: adds a filter, a profile. */
export function AddChip({ children, className, ...rest }: ChipProps) {
  return (
    <button
      type="button"
      className={cx(
        "inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-md border border-line-2 border-dashed pr-2.5 pl-1.5 text-cap text-ink-3 hover:text-ink",
        className,
      )}
      {...rest}
    >
      <Plus size={12} strokeWidth={2.1} aria-hidden="true" />
      {children}
    </button>
  );
}

/** One of a few views: pressed or not. Put several into a `Segmented`. */
export function Segmented<V extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: V;
  options: ReadonlyArray<{ value: V; label: ReactNode }>;
  onChange: (value: V) => void;
}) {
  return (
    <div role="group" aria-label={label} className="inline-flex gap-0.5 rounded-md bg-track p-0.5">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cx(
            "inline-flex h-6 items-center rounded-sm px-2 font-medium text-cap",
            option.value === value ? "bg-surface text-ink hairline dark:bg-line-2" : "text-ink-2 hover:text-ink",
          )}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
