import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "@/lib/cx";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: "primary" | "plain" | "ghost";
  size?: "md" | "sm";
  /** Square, for an icon alone: give an aria-label. */
  icon?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** The classes alone, for links that look like buttons. */
export function buttonClass({
  variant = "plain",
  size = "md",
  icon = false,
}: Pick<ButtonProps, "variant" | "size" | "icon">) {
  return cx(
    "inline-flex flex-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors",
    "disabled:opacity-50 [&_svg]:flex-none",
    size === "md" ? "h-7 text-body" : "h-6 text-cap",
    icon ? (size === "md" ? "w-7" : "w-6") : size === "md" ? "px-2.5" : "px-2",
    variant === "primary" && "border-accent bg-accent text-accent-ink enabled:hover:brightness-110",
    variant === "plain" && "border-line-2 bg-surface enabled:hover:bg-hover dark:bg-raised [&_svg]:text-ink-3",
    variant === "ghost" && "border-transparent text-ink-2 enabled:hover:bg-hover [&_svg]:text-ink-3",
  );
}

export function Button({ variant, size, icon, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cx(buttonClass({ variant, size, icon }), className)} {...rest} />;
}
