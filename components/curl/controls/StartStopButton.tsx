import { Button } from '../../ui/Button';

/** Starts a run by submitting the form of the controls, or stops the active one. */
export function StartStopButton({
  formId,
  active,
  large,
  busy,
  disabled,
  onStop,
}: {
  formId: string;
  /** A run is active: the button stops it. */
  active: boolean;
  /** Before the first run. */
  large: boolean;
  busy: boolean;
  disabled: boolean;
  onStop: () => void;
}) {
  if (active) {
    return (
      <Button
        look="primary"
        className="h-11 w-24 max-sm:flex-1"
        disabled={disabled || busy}
        onClick={onStop}
      >
        Stop
      </Button>
    );
  }
  return (
    <Button
      look="primary"
      className={large ? 'h-12 w-40 text-base' : 'h-11 w-24 max-sm:flex-1'}
      type="submit"
      data-guide="fire"
      form={formId}
      disabled={disabled || busy}
    >
      {busy ? 'Starting…' : 'Start'}
    </Button>
  );
}
