// While a job is at work, the page is fetched anew every two seconds.
document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[data-open]") && !document.querySelector("form .errorlist")) {
    setTimeout(() => location.reload(), 2000);
  }
});
