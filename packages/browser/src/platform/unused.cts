// Takes the place of a module that is never used in a browser.

module.exports = null
