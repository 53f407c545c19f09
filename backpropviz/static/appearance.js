// Light or dark, and the size: what the model says, else what the notebook or the system says.

const DARK_SCHEME = "(prefers-color-scheme: dark)";

function pageTheme() {
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false" ? "dark" : "light";
  if (document.body.classList.contains("vscode-dark")) return "dark";
  if (document.body.classList.contains("vscode-light")) return "light";
  return window.matchMedia(DARK_SCHEME).matches ? "dark" : "light";
}

/** Keep a root element in the theme and size of its model. */
export function followAppearance({ lifetime, root, model }) {
  const apply = lifetime.guard(() => {
    const theme = model.get("theme");
    root.dataset.theme = theme === "light" || theme === "dark" ? theme : pageTheme();
    root.classList.toggle("bpv-large", model.get("size") === "large");
  });
  const observer = new MutationObserver(apply);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  lifetime.onEnd(() => observer.disconnect());
  lifetime.listen(window.matchMedia(DARK_SCHEME), "change", apply);
  lifetime.follow(model, "change:theme", apply);
  lifetime.follow(model, "change:size", apply);
  apply();
}
