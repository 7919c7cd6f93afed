// Without this script the switch works all the same (by :checked); it adds the class and language of the document,
// and opens the page in Chinese for #zh.
(function () {
  var root = document.documentElement;
  var choices = document.querySelectorAll("input.choice");
  function apply() {
    choices.forEach(function (choice) {
      if (choice.checked) {
        var language = choice.id.slice(-2);
        root.className = language;
        root.lang = language === "zh" ? "zh-Hans" : "en";
      }
    });
  }
  if (location.hash === "#zh" || location.hash === "#en") {
    document.getElementById("language-" + location.hash.slice(1)).checked = true;
  }
  choices.forEach(function (choice) { choice.addEventListener("change", apply); });
  apply();
})();
