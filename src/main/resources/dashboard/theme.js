// Runs before the first paint, so that a chosen theme does not flash in the other one.
(() => {
  const KEY = "mehari-theme";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // Storage may be forbidden; then the system's theme it is.
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") {
      root.dataset.theme = theme;
    } else {
      delete root.dataset.theme;
    }
  };
  apply(chosen());
  const changed = () => window.dispatchEvent(new Event("themechange"));
  system.addEventListener("change", changed);
  window.mehariTheme = {
    isDark: () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches),
    toggle() {
      const next = this.isDark() ? "light" : "dark";
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // It lasts as long as the page, then.
      }
      apply(next);
      changed();
    },
  };
})();
