// ReDoc fetches one picture from its makers' CDN, the mark beside its credit line: nothing of it may come from elsewhere.
(function () {
  const fromElsewhere = /^https:\/\/cdn\.redoc\.ly\//;
  const nothing = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";
  const own = (value) => (fromElsewhere.test(value) ? nothing : value);

  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    setAttribute.call(this, name, name === "src" ? own(value) : value);
  };
  const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
  Object.defineProperty(HTMLImageElement.prototype, "src", {
    ...source,
    set(value) {
      source.set.call(this, own(value));
    },
  });
})();
