import { Button } from '../../ui/Button';

/**
 * Starts a run by submitting the form of the controls, or stops the active one. It is one element in
 * one place, and not disabled while a request is pending, so that it keeps the focus.
 */
export function StartStopButton({
  formId,
  active,
  busy,
  disabled,
  onStop,
  className,
}: {
  formId: string;
  /** A run is active: the button stops it. */
  active: boolean;
  /** A request is pending: clicks are ignored. */
  busy: boolean;
  disabled: boolean;
  onStop: () => void;
  className: string;
}) {
  return (
    <Button
      look="primary"
      className={className}
      type={active ? 'button' : 'submit'}
      data-guide="fire"
      form={formId}
      disabled={disabled}
      aria-disabled={busy || undefined}
      onClick={() => {
        if (active && !busy) onStop();
      }}
    >
      {active ? 'Stop' : busy ? 'Starting…' : 'Start'}
    </Button>
  );
}
