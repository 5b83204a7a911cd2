package io.pgevents.boot.web;

class TomcatSlowBrowserTests extends SlowBrowserContract {

    TomcatSlowBrowserTests() {
        super(RelayApplication.OnTomcat.class);
    }
}
